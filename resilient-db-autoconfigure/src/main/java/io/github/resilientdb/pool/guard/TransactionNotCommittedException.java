package io.github.resilientdb.pool.guard;

import java.sql.SQLTransientConnectionException;

import io.github.resilientdb.ServerSideFailure;

/**
 * The connection was lost, and the transaction is known not to have been committed: it
 * can be run again. The cause is how the connection was lost. SQLSTATE 08006: connection
 * failure.
 */
@SuppressWarnings("serial")
final class TransactionNotCommittedException extends SQLTransientConnectionException {

	TransactionNotCommittedException(String why, Throwable cause) {
		super("The transaction was not committed: " + why, "08006", ServerSideFailure.mark(cause));
	}

}
