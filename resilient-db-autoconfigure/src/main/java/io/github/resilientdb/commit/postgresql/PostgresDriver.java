package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

import org.springframework.util.ClassUtils;

/**
 * What only the PostgreSQL driver knows about a connection. The one class that touches
 * it.
 */
final class PostgresDriver {

	private static final boolean PRESENT = ClassUtils.isPresent("org.postgresql.core.BaseConnection",
			PostgresDriver.class.getClassLoader());

	private final BaseConnection connection;

	private PostgresDriver(BaseConnection connection) {
		this.connection = connection;
	}

	/**
	 * Return the driver behind a connection, or {@code null} if it is another one.
	 */
	static @Nullable PostgresDriver of(Connection connection) throws SQLException {
		return (PRESENT && Lookup.isPostgres(connection)) ? Lookup.of(connection) : null;
	}

	/**
	 * Whether nothing was sent since the last transaction ended.
	 */
	boolean isIdle() {
		return this.connection.getTransactionState() == TransactionState.IDLE;
	}

	boolean isOpen() {
		return this.connection.getTransactionState() == TransactionState.OPEN;
	}

	/**
	 * Whether a statement failed, so that the transaction can only be rolled back.
	 */
	boolean isFailed() {
		return this.connection.getTransactionState() == TransactionState.FAILED;
	}

	/**
	 * Whether {@code setReadOnly(true)} was called and reaches the server (the driver can
	 * be told to ignore it).
	 */
	boolean isReadOnly() {
		return this.connection.hintReadOnly();
	}

	/**
	 * The process that the server named at connect time; a pooler in between makes it up.
	 */
	int backendPid() {
		return this.connection.getBackendPID();
	}

	/**
	 * Interrupt what the connection waits for, from another thread. The server is told
	 * over a connection of its own, and even if this one has been closed meanwhile.
	 */
	void cancel() throws SQLException {
		this.connection.getQueryExecutor().sendQueryCancel();
	}

	/**
	 * Keep a statement from getting a name on the server, which a pooler may not know.
	 */
	static void keepUnnamed(PreparedStatement statement) throws SQLException {
		if (PRESENT) {
			Lookup.keepUnnamed(statement);
		}
	}

	/**
	 * Keeps a class without the driver on its class path from loading it.
	 */
	private static final class Lookup {

		static boolean isPostgres(Connection connection) throws SQLException {
			return connection.isWrapperFor(BaseConnection.class);
		}

		static void keepUnnamed(PreparedStatement statement) throws SQLException {
			if (statement.isWrapperFor(PGStatement.class)) {
				statement.unwrap(PGStatement.class).setPrepareThreshold(0);
			}
		}

		static PostgresDriver of(Connection connection) throws SQLException {
			return new PostgresDriver(connection.unwrap(BaseConnection.class));
		}

	}

}
