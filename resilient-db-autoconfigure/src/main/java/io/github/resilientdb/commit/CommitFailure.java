package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Tells a COMMIT that the server refused from one whose outcome is in doubt.
 */
public final class CommitFailure {

	private CommitFailure() {
	}

	/**
	 * Return whether the transaction has certainly been rolled back. It may not have been
	 * if the connection is gone, or with the states that a server or a proxy may send
	 * while it goes down: 08 (connection), 57P0x (shutdown, crash, dropped database), 58
	 * and XX (system and internal errors), 40003 (completion unknown), or none at all.
	 * @param sqlState the SQLSTATE of the failure
	 * @param connectionClosed whether the connection was found closed afterwards
	 */
	public static boolean isDefinite(@Nullable String sqlState, boolean connectionClosed) {
		return !connectionClosed && sqlState != null && sqlState.length() == 5 && !sqlState.startsWith("08")
				&& !sqlState.startsWith("57P0") && !sqlState.startsWith("58") && !sqlState.startsWith("XX")
				&& !sqlState.equals("40003");
	}

	/**
	 * Return whether a failure that the connection survived may go away by itself: class
	 * 40 (rollback), 53 (resources), 55 (state, locks) and 57 (cancelled, timed out).
	 */
	public static boolean mayPass(SQLException failure) {
		String state = String.valueOf(failure.getSQLState());
		return state.startsWith("40") || state.startsWith("53") || state.startsWith("55") || state.startsWith("57");
	}

	/**
	 * Return whether a failure ended the connection on which it occurred.
	 */
	public static boolean isLoss(SQLException failure, Connection connection) throws SQLException {
		String state = failure.getSQLState();
		return state == null || state.startsWith("08") || state.startsWith("57P0") || connection.isClosed();
	}

	public static SQLException of(Exception ex) {
		return (ex instanceof SQLException sqlException) ? sqlException
				: new SQLException("The driver failed: " + ex, "08006", ex);
	}

}
