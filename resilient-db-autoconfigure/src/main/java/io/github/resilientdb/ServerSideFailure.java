package io.github.resilientdb;

import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Marks failures to talk to the database as such. Web frameworks take any exception whose
 * root cause is an {@code EOFException}, or says "broken pipe" or "connection reset by
 * peer", for a client that went away, and answer nothing, which means 200. Spring's
 * {@code DisconnectedClientHelper} does so unless it finds a {@link DataAccessException}
 * on its way to the root: what is marked has one there. The original stays below it, and
 * gets one as its cause, for those who go on with the root cause alone.
 * <p>
 * Not meant to be used by applications.
 */
public final class ServerSideFailure {

	private static final int MAX_CAUSES = 50;

	private static final Set<String> NAMES = Set.of("EOFException", "EofException", "AbortedException",
			"ClientAbortException");

	private static final List<String> PHRASES = List.of("broken pipe", "connection reset by peer");

	private ServerSideFailure() {
	}

	/**
	 * Mark what an exception is going to have as its cause.
	 * @param cause the cause
	 * @return the same if nobody can mistake it, or else an exception with this cause
	 */
	public static Throwable mark(Throwable cause) {
		return isMistakable(cause) ? marked(cause) : cause;
	}

	/**
	 * Mark an exception that JDBC throws.
	 * @param failure the exception
	 * @return the same if nobody can mistake it, or else one of the same JDBC type, with
	 * the same message and SQLSTATE, that has it in its cause chain
	 */
	public static SQLException mark(SQLException failure) {
		if (!isMistakable(failure)) {
			return failure;
		}
		SQLException marked = copy(failure, marked(failure));
		SQLException next = failure.getNextException();
		if (next != null) {
			marked.setNextException(next);
		}
		return marked;
	}

	/**
	 * Mark an exception of {@code setClientInfo}, which must be of this type.
	 * @param failure the exception
	 * @return the same if nobody can mistake it, or else one that says the same and has
	 * it in its cause chain
	 */
	public static SQLClientInfoException mark(SQLClientInfoException failure) {
		return isMistakable(failure) ? new SQLClientInfoException(failure.getMessage(), failure.getSQLState(),
				failure.getErrorCode(), failure.getFailedProperties(), marked(failure)) : failure;
	}

	/**
	 * Mark an unchecked exception.
	 * @param failure the exception
	 * @return the same if nobody can mistake it, or else a {@link DataAccessException}
	 * with this cause
	 */
	public static RuntimeException mark(RuntimeException failure) {
		return isMistakable(failure) ? marked(failure) : failure;
	}

	private static DataAccessResourceFailureException marked(Throwable failure) {
		markRoot(failure);
		return new DataAccessResourceFailureException("The connection to the database failed: " + failure.getMessage(),
				failure);
	}

	private static void markRoot(Throwable failure) {
		Throwable root = failure;
		for (int i = 0; i < MAX_CAUSES && root.getCause() != null; i++) {
			root = root.getCause();
		}
		if ((root instanceof IOException && NAMES.contains(root.getClass().getSimpleName()))
				|| ((root instanceof IOException || root instanceof SQLException) && hasPhrase(root.getMessage()))) {
			try {
				root.initCause(new DatabaseConnectionException());
			}
			catch (IllegalStateException ex) {
				// made with an explicit cause of null, which is final
			}
		}
	}

	// Spring and Hibernate translate by type as well as by SQLSTATE
	private static SQLException copy(SQLException failure, Throwable cause) {
		String message = failure.getMessage();
		String state = failure.getSQLState();
		int code = failure.getErrorCode();
		if (failure instanceof BatchUpdateException batch) {
			return new BatchUpdateException(message, state, code, batch.getUpdateCounts(), cause);
		}
		if (failure instanceof SQLTransientConnectionException) {
			return new SQLTransientConnectionException(message, state, code, cause);
		}
		if (failure instanceof SQLNonTransientConnectionException) {
			return new SQLNonTransientConnectionException(message, state, code, cause);
		}
		if (failure instanceof SQLRecoverableException) {
			return new SQLRecoverableException(message, state, code, cause);
		}
		return new SQLException(message, state, code, cause);
	}

	private static boolean isMistakable(Throwable failure) {
		Throwable root = failure;
		for (int i = 0; i < MAX_CAUSES && !(root instanceof DataAccessException); i++) {
			Throwable cause = root.getCause();
			if (root instanceof IOException || cause == null) {
				return root instanceof IOException || hasPhrase(root.getMessage());
			}
			root = cause;
		}
		return false;
	}

	private static boolean hasPhrase(@Nullable String message) {
		String text = (message != null) ? message.toLowerCase(Locale.ROOT) : "";
		return PHRASES.stream().anyMatch(text::contains);
	}

	/**
	 * Says, at the root of a failure, that the connection was one to the database.
	 */
	private static final class DatabaseConnectionException extends DataAccessResourceFailureException {

		private static final long serialVersionUID = 1L;

		DatabaseConnectionException() {
			super("This was the connection to the database");
		}

		// the stack at this point tells nothing
		@Override
		public Throwable fillInStackTrace() {
			return this;
		}

	}

}
