package io.github.resilientdb.commit;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Tells a COMMIT that the server refused from one whose outcome is in doubt.
 */
final class CommitFailure {

	private CommitFailure() {
	}

	/**
	 * Returns whether the transaction is certainly rolled back. Not where the connection
	 * is gone, and not for the states that a server or a proxy may use while it is going:
	 * 08 (connection), 57P0x (shutdown, crash, dropped database), 58 and XX (system and
	 * internal errors), 40003 (completion unknown), or none at all.
	 * @param sqlState the SQLSTATE of the failure
	 * @param connectionClosed whether the connection was found closed afterwards
	 */
	static boolean isDefinite(@Nullable String sqlState, boolean connectionClosed) {
		return !connectionClosed && sqlState != null && sqlState.length() == 5 && !sqlState.startsWith("08")
				&& !sqlState.startsWith("57P0") && !sqlState.startsWith("58") && !sqlState.startsWith("XX")
				&& !sqlState.equals("40003");
	}

	static SQLException of(Exception ex) {
		return (ex instanceof SQLException sqlException) ? sqlException
				: new SQLException("The driver failed: " + ex, "08006", ex);
	}

}
