package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;

/**
 * A COMMIT that the driver has sent twice. PostgreSQL's takes some refusals (26000,
 * "cached plan must not change result type") for ones that pass when the statement is
 * parsed again. A deferred trigger may raise them in COMMIT, which ends the transaction:
 * the second COMMIT finds none, and the server says so in a warning only.
 */
final class RepeatedCommit {

	// no_active_sql_transaction
	private static final String NO_TRANSACTION = "25P01";

	private RepeatedCommit() {
	}

	/**
	 * Counts the warnings of the kind, which costs no round trip.
	 * @param connection the connection
	 * @return how many there are
	 */
	static int warnings(Connection connection) throws SQLException {
		int count = 0;
		for (SQLWarning warning = connection.getWarnings(); warning != null; warning = warning.getNextWarning()) {
			if (NO_TRANSACTION.equals(warning.getSQLState())) {
				count++;
			}
		}
		return count;
	}

	/**
	 * Fails if the COMMIT that has just succeeded found no transaction.
	 * @param connection the connection, on which a transaction was open before
	 * @param before how many warnings there were before
	 */
	static void check(Connection connection, int before) throws SQLException {
		if (warnings(connection) > before) {
			throw new SQLException("The server refused COMMIT and rolled the transaction back. Why is not known: "
					+ "the driver has sent COMMIT again, and reports that one only", NO_TRANSACTION);
		}
	}

}
