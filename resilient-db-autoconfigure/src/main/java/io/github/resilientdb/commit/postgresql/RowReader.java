package io.github.resilientdb.commit.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Reads what a query returned.
 *
 * @param <T> what is made of a row
 */
@FunctionalInterface
interface RowReader<T> {

	T read(ResultSet row) throws SQLException;

	/**
	 * Read the one row that several statements, executed at once, return.
	 */
	static <T> T firstRow(Statement executed, RowReader<T> reader) throws SQLException {
		while (!executed.getMoreResults()) {
			if (executed.getUpdateCount() == -1) {
				throw new SQLException("The server did not say which one it is", "08P01");
			}
		}
		try (ResultSet rows = executed.getResultSet()) {
			rows.next();
			return reader.read(rows);
		}
	}

}
