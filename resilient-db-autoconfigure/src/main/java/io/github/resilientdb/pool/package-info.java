/**
 * Never lend a dead connection: everything that touches HikariCP or the sockets of the
 * driver.
 */
@NullMarked
package io.github.resilientdb.pool;

import org.jspecify.annotations.NullMarked;
