package io.github.resilientdb;

/**
 * What is known of a pooled connection without asking the server. Reached through
 * {@link java.sql.Connection#unwrap(Class)} from any connection of a pool that is
 * guarded.
 */
@FunctionalInterface
public interface ConnectionStatus {

	/**
	 * Return whether the connection is known to be dead. It stays so.
	 * @return {@code true} if nothing can be done with it but to close it; {@code false}
	 * if nothing is known against it
	 */
	boolean isDead();

	/**
	 * Tell the connection that a transaction begins on it. Only needed if it was borrowed
	 * before: where auto-commit is off anyway, it can't see that by itself.
	 */
	default void transactionStarted() {
	}

}
