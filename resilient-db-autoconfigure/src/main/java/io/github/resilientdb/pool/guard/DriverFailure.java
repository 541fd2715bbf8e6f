package io.github.resilientdb.pool.guard;

import java.sql.SQLException;

import org.postgresql.util.PSQLException;

import org.springframework.util.ClassUtils;

/**
 * What the PostgreSQL driver tells of its failures, where it is present.
 */
final class DriverFailure {

	private static final boolean PRESENT = ClassUtils.isPresent("org.postgresql.util.PSQLException",
			DriverFailure.class.getClassLoader());

	private DriverFailure() {
	}

	/**
	 * Return whether the other side sent the failure, and did not just fall silent.
	 */
	static boolean isFromServer(SQLException failure) {
		return PRESENT && Postgres.isFromServer(failure);
	}

	/**
	 * Keeps a class without the driver on its class path from loading it.
	 */
	private static final class Postgres {

		static boolean isFromServer(SQLException failure) {
			return failure instanceof PSQLException postgres && postgres.getServerErrorMessage() != null;
		}

	}

}
