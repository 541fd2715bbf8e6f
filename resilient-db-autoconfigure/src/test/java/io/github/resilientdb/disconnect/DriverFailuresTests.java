package io.github.resilientdb.disconnect;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.stream.Stream;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What failures mean, with the exceptions as the PostgreSQL driver throws them.
 */
class DriverFailuresTests {

	static Stream<Arguments> failures() {
		return Stream.of(
				// fast shutdown, pg_terminate_backend: the socket is closed after it
				row(lost("57P01", "terminating connection due to administrator command"), Kind.DISCONNECT,
						Scope.SUSPECT, "admin-shutdown"),
				// the postmaster was killed: each backend notices by itself
				row(lost("57P01", "terminating connection due to unexpected postmaster exit"), Kind.DISCONNECT,
						Scope.POOL, "crash-shutdown"),
				// immediate shutdown, crash of another backend: announced by a notice
				row(io(new EOFException()), Kind.DISCONNECT, Scope.SUSPECT, "eof"),
				row(lost("57P02", "terminating connection because of crash of another server process"), Kind.DISCONNECT,
						Scope.POOL, "crash-shutdown"),
				row(lost("57P05", "terminating connection due to idle-session timeout"), Kind.DISCONNECT,
						Scope.CONNECTION, "idle-session-timeout"),
				row(lost("25P03", "terminating connection due to idle-in-transaction timeout"), Kind.DISCONNECT,
						Scope.CONNECTION, "idle-in-transaction-timeout"),
				row(lost("25P04", "terminating connection due to transaction timeout"), Kind.OTHER, Scope.CONNECTION,
						"transaction-timeout"),
				// any other failure after which the server ends the session
				row(lost("58030", "could not read block 0 in file \"base/1/2\": Input/output error"), Kind.DISCONNECT,
						Scope.SUSPECT, "eof"),
				row(io(new SocketException("Connection reset")), Kind.DISCONNECT, Scope.SUSPECT, "reset"),
				row(io(new SocketException("Broken pipe")), Kind.DISCONNECT, Scope.SUSPECT, "reset"),
				// socketTimeout
				row(io(new SocketTimeoutException("Read timed out")), Kind.DISCONNECT, Scope.SUSPECT, "timeout"),
				// a socket of ours that was closed, and says why
				row(io(closedSince("No answer, and its server can't be reached")), Kind.DISCONNECT, Scope.SUSPECT,
						"timeout"),
				row(new PSQLException("This connection has been closed.", PSQLState.CONNECTION_DOES_NOT_EXIST),
						Kind.DISCONNECT, Scope.SUSPECT, "connection-failure"),
				row(new SQLException("Connection is closed"), Kind.DISCONNECT, Scope.CONNECTION, "closed"),
				row(connect(new ConnectException("Connection refused")), Kind.UNAVAILABLE, Scope.NONE,
						"connect-failed"),
				row(connect(new UnknownHostException("bank.example")), Kind.UNAVAILABLE, Scope.NONE, "unknown-host"),
				row(connect(new SocketTimeoutException("Connect timed out")), Kind.UNAVAILABLE, Scope.NONE, "timeout"),
				// no server of the kind that targetServerType asks for
				row(new PSQLException("Could not find a server with specified targetServerType: primary",
						PSQLState.CONNECTION_UNABLE_TO_CONNECT), Kind.UNAVAILABLE, Scope.NONE, "connect-failed"),
				row(server("FATAL", "57P03", "the database system is starting up"), Kind.UNAVAILABLE, Scope.NONE,
						"starting-up"),
				row(server("FATAL", "57P03", "the database system is not yet accepting connections"), Kind.UNAVAILABLE,
						Scope.NONE, "starting-up"),
				row(server("FATAL", "53300", "sorry, too many clients already"), Kind.UNAVAILABLE, Scope.NONE,
						"too-many-connections"),
				row(server("FATAL", "53300", "too many connections for role \"app\""), Kind.UNAVAILABLE, Scope.NONE,
						"too-many-connections"),
				row(server("FATAL", "3D000", "database \"bank\" does not exist"), Kind.OTHER, Scope.NONE,
						"no-such-database"),
				row(server("FATAL", "28000", "role \"app\" does not exist"), Kind.OTHER, Scope.NONE, "authentication"),
				row(server("FATAL", "28P01", "password authentication failed for user \"app\""), Kind.OTHER, Scope.NONE,
						"authentication"),
				row(new PSQLException("The server does not support SSL.", PSQLState.CONNECTION_REJECTED), Kind.OTHER,
						Scope.NONE, "connection-rejected"),
				row(new PSQLException("Protocol error.  Session setup failed.", PSQLState.PROTOCOL_VIOLATION),
						Kind.OTHER, Scope.CONNECTION, "protocol-violation"),
				row(new PSQLException("Connection attempt timed out.", PSQLState.CONNECTION_UNABLE_TO_CONNECT),
						Kind.UNAVAILABLE, Scope.NONE, "connect-failed"),
				row(server("FATAL", "08P01", "server conn crashed?"), Kind.DISCONNECT, Scope.CONNECTION,
						"pooler-lost-server"),
				row(server("FATAL", "08P01", "database removed"), Kind.DISCONNECT, Scope.CONNECTION,
						"pooler-lost-server"),
				row(server("FATAL", "08P01", "query_wait_timeout"), Kind.UNAVAILABLE, Scope.NONE, "pooler-exhausted"),
				row(server("FATAL", "08P01", "server login has been failing, try again later (server_login_retry)"),
						Kind.UNAVAILABLE, Scope.NONE, "pooler-no-server"),
				row(server("FATAL", "08P01", "invalid server parameter"), Kind.UNAVAILABLE, Scope.NONE,
						"pooler-no-server"),
				row(server("ERROR", "40001", "could not serialize access due to concurrent update"),
						Kind.SERIALIZATION_FAILURE, Scope.NONE, "serialization-failure"),
				row(server("ERROR", "40P01", "deadlock detected"), Kind.DEADLOCK, Scope.NONE, "deadlock"),
				row(server("ERROR", "57014", "canceling statement due to user request"), Kind.OTHER, Scope.NONE,
						"query-canceled"),
				row(server("ERROR", "25006", "cannot execute INSERT in a read-only transaction"), Kind.OTHER,
						Scope.NONE, "read-only"),
				row(server("FATAL", "57P04", "terminating connection because the database was dropped"), Kind.OTHER,
						Scope.CONNECTION, "database-dropped"),
				row(batch(lost("57P01", "terminating connection due to administrator command")), Kind.DISCONNECT,
						Scope.SUSPECT, "admin-shutdown"),
				// HikariCP's timeout with the SQLSTATE of a connect of long ago
				row(new SQLTransientConnectionException("pool - Connection is not available, request timed out",
						"08003"), Kind.UNAVAILABLE, Scope.NONE, "pool-exhausted"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void knowsWhatTheDriverMeans(SQLException failure, FailureVerdict expected) {
		assertThat(new FailureClassifier(List::of).classify(failure).verdict()).isEqualTo(expected);
	}

	private static Arguments row(SQLException failure, Kind kind, Scope scope, String reason) {
		return Arguments.of(failure, new FailureVerdict(kind, scope, reason));
	}

	private static PSQLException server(String severity, String state, String message) {
		return new PSQLException(
				new ServerErrorMessage("S%1$s\0V%1$s\0C%2$s\0M%3$s\0".formatted(severity, state, message)));
	}

	private static PSQLException lost(String state, String message) {
		PSQLException failure = server("FATAL", state, message);
		failure.setNextException(io(new EOFException()));
		return failure;
	}

	private static PSQLException io(IOException cause) {
		return new PSQLException("An I/O error occurred while sending to the backend.", PSQLState.CONNECTION_FAILURE,
				cause);
	}

	private static PSQLException connect(IOException cause) {
		return new PSQLException("The connection attempt failed.", PSQLState.CONNECTION_UNABLE_TO_CONNECT, cause);
	}

	private static SocketException closedSince(@Nullable String reason) {
		SocketException closed = new SocketException("Socket closed");
		closed.initCause(new SocketTimeoutException(reason));
		return closed;
	}

	private static BatchUpdateException batch(SQLException cause) {
		BatchUpdateException failure = new BatchUpdateException("Batch entry 0 was aborted", cause.getSQLState(),
				new int[0], cause);
		failure.setNextException(cause);
		return failure;
	}

}
