package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's {@code lock_timeout}. Reading and setting it takes no snapshot, so that
 * {@code SET TRANSACTION} may still follow.
 */
final class LockTimeout {

	private static final Pattern SHOWN = Pattern.compile("(\\d+)(ms|s|min|h|d|)");

	private static final long NONE = 0;

	private LockTimeout() {
	}

	/**
	 * Limit the waits of the current transaction, unless they are limited more.
	 * @return whether this limit is in force
	 */
	static boolean limit(Connection physical, long nanos) throws SQLException {
		long millis = Math.min(Math.max(TimeUnit.NANOSECONDS.toMillis(nanos), 1), Integer.MAX_VALUE);
		try (Statement statement = physical.createStatement()) {
			statement.setFetchSize(0);
			long set = shown(statement);
			if (set != NONE && set <= millis) {
				return false;
			}
			statement.execute("SET LOCAL lock_timeout = " + millis);
			return true;
		}
	}

	private static long shown(Statement statement) throws SQLException {
		try (ResultSet row = statement.executeQuery("SHOW lock_timeout")) {
			return row.next() ? millis(row.getString(1)) : NONE;
		}
	}

	/**
	 * Read what the server shows: a number and the largest unit that leaves it whole.
	 */
	static long millis(String shown) {
		Matcher matcher = SHOWN.matcher(shown);
		if (!matcher.matches()) {
			return NONE;
		}
		long number = Long.parseLong(matcher.group(1));
		return switch (matcher.group(2)) {
			case "s" -> TimeUnit.SECONDS.toMillis(number);
			case "min" -> TimeUnit.MINUTES.toMillis(number);
			case "h" -> TimeUnit.HOURS.toMillis(number);
			case "d" -> TimeUnit.DAYS.toMillis(number);
			default -> number;
		};
	}

}
