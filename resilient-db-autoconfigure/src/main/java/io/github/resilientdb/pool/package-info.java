/**
 * Never lend a dead connection: replaces the HikariCP pools of the user, and lends what
 * they hold after a check, or a new connection for each borrower. The way of a checkout
 * is here; the connection that is lent is in {@code guard}, what opens it in
 * {@code connect}.
 */
@NullMarked
package io.github.resilientdb.pool;

import org.jspecify.annotations.NullMarked;
