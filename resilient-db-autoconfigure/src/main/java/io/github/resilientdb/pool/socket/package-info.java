/**
 * The sockets under the connections: a socket whose every wait has a deadline, that can
 * be looked at without a round trip and closed from outside, and that interrupts leave
 * alone. Decides nothing about databases, and sees no other package of ours.
 */
@NullMarked
package io.github.resilientdb.pool.socket;

import org.jspecify.annotations.NullMarked;
