package io.github.resilientdb.disconnect;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import io.github.resilientdb.DisconnectClassifier;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureClassifier} with the built-in classifiers.
 */
class FailureClassifierTests {

	private final FailureClassifier classifier = new FailureClassifier(List::of);

	static Stream<Arguments> failures() {
		return Stream.of(
				// admin_shutdown: fast shutdown or pg_terminate_backend
				Arguments.of(failure("57P01"), Kind.DISCONNECT, Scope.SUSPECT, "admin-shutdown"),
				// crash_shutdown: immediate shutdown, or another backend crashed
				Arguments.of(failure("57P02"), Kind.DISCONNECT, Scope.POOL, "crash-shutdown"),
				// idle_session_timeout
				Arguments.of(failure("57P05"), Kind.DISCONNECT, Scope.CONNECTION, "idle-session-timeout"),
				// idle_in_transaction_session_timeout
				Arguments.of(failure("25P03"), Kind.DISCONNECT, Scope.CONNECTION, "idle-in-transaction-timeout"),
				// connection_exception
				Arguments.of(failure("08000"), Kind.DISCONNECT, Scope.SUSPECT, "connection-failure"),
				// connection_does_not_exist: was closed before
				Arguments.of(failure("08003"), Kind.DISCONNECT, Scope.SUSPECT, "connection-failure"),
				// connection_failure: lost while in use
				Arguments.of(failure("08006"), Kind.DISCONNECT, Scope.SUSPECT, "connection-failure"),
				// communication link failure, of other databases
				Arguments.of(failure("08S01"), Kind.DISCONNECT, Scope.SUSPECT, "connection-failure"),
				// a subclass of class 08 that nobody knows
				Arguments.of(failure("08S99"), Kind.DISCONNECT, Scope.SUSPECT, "connection-failure"),
				// the driver closed the socket after the server had
				Arguments.of(failure("08006", new EOFException()), Kind.DISCONNECT, Scope.SUSPECT, "eof"),
				// RST
				Arguments.of(failure("08006", new SocketException("Connection reset")), Kind.DISCONNECT, Scope.SUSPECT,
						"reset"),
				// socketTimeout
				Arguments.of(failure("08006", new SocketTimeoutException()), Kind.DISCONNECT, Scope.SUSPECT, "timeout"),
				// a TLS record that is none, or no close_notify
				Arguments.of(failure("08006", new SSLException("bad record mac")), Kind.DISCONNECT, Scope.SUSPECT,
						"tls"),
				// the server died during the TLS handshake
				Arguments.of(failure("08006", withCause(new SSLHandshakeException("terminated"), new EOFException())),
						Kind.DISCONNECT, Scope.SUSPECT, "tls"),
				// the server's certificate is not trusted: asking again does not help
				Arguments.of(
						failure("08006",
								withCause(new SSLHandshakeException("path"), new CertificateException("untrusted"))),
						Kind.OTHER, Scope.NONE, "certificate"),
				// our own thread was interrupted: nothing is wrong with other connections
				Arguments.of(failure("08006", new SocketException("Closed by interrupt")), Kind.DISCONNECT,
						Scope.CONNECTION, "interrupted"),
				// sqlclient_unable_to_establish_sqlconnection: refused
				Arguments.of(failure("08001", new ConnectException()), Kind.UNAVAILABLE, Scope.NONE, "connect-failed"),
				// a name that can't be resolved, perhaps not yet
				Arguments.of(failure("08001", new UnknownHostException()), Kind.UNAVAILABLE, Scope.NONE,
						"unknown-host"),
				// connectTimeout
				Arguments.of(failure("08001", new SocketTimeoutException()), Kind.UNAVAILABLE, Scope.NONE, "timeout"),
				// cannot_connect_now: starting up, shutting down, recovering
				Arguments.of(failure("57P03"), Kind.UNAVAILABLE, Scope.NONE, "starting-up"),
				// too_many_connections
				Arguments.of(failure("53300"), Kind.UNAVAILABLE, Scope.NONE, "too-many-connections"),
				// sqlserver_rejected_establishment_of_sqlconnection: no TLS, for example
				Arguments.of(failure("08004"), Kind.OTHER, Scope.NONE, "connection-rejected"),
				// transaction_resolution_unknown: must never be repeated blindly
				Arguments.of(failure("08007"), Kind.OTHER, Scope.SUSPECT, "outcome-unknown"),
				// protocol_violation: a bug of the application or the driver
				Arguments.of(failure("08P01", "bind message supplies 1 parameters"), Kind.OTHER, Scope.CONNECTION,
						"protocol-violation"),
				// PgBouncer lost its connection to the server
				Arguments.of(failure("08P01", "server conn crashed?"), Kind.DISCONNECT, Scope.CONNECTION,
						"pooler-lost-server"),
				// PgBouncer had no connection to the server in time
				Arguments.of(failure("08P01", "FATAL: query_wait_timeout"), Kind.UNAVAILABLE, Scope.NONE,
						"pooler-exhausted"),
				// PgBouncer can't connect to the server
				Arguments.of(failure("08P01", "server login has been failing, try again later (server_login_retry)"),
						Kind.UNAVAILABLE, Scope.NONE, "pooler-no-server"),
				// PgBouncer has too many clients
				Arguments.of(failure("08P01", "no more connections allowed (max_client_conn)"), Kind.UNAVAILABLE,
						Scope.NONE, "too-many-connections"),
				// invalid_password
				Arguments.of(failure("28P01"), Kind.OTHER, Scope.NONE, "authentication"),
				// invalid_authorization_specification: no such role, pg_hba.conf
				Arguments.of(failure("28000"), Kind.OTHER, Scope.NONE, "authentication"),
				// invalid_catalog_name
				Arguments.of(failure("3D000"), Kind.OTHER, Scope.NONE, "no-such-database"),
				// database_dropped, which ends the session
				Arguments.of(failure("57P04"), Kind.OTHER, Scope.CONNECTION, "database-dropped"),
				// serialization_failure
				Arguments.of(failure("40001"), Kind.SERIALIZATION_FAILURE, Scope.NONE, "serialization-failure"),
				// deadlock_detected
				Arguments.of(failure("40P01"), Kind.DEADLOCK, Scope.NONE, "deadlock"),
				// query_canceled: statement_timeout
				Arguments.of(failure("57014"), Kind.OTHER, Scope.NONE, "query-canceled"),
				// transaction_timeout, which ends the session
				Arguments.of(failure("25P04"), Kind.OTHER, Scope.CONNECTION, "transaction-timeout"),
				// read_only_sql_transaction
				Arguments.of(failure("25006"), Kind.OTHER, Scope.NONE, "read-only"),
				// feature_not_supported, which here is a plan made stale by ALTER TABLE
				Arguments.of(failure("0A000", "ERROR: cached plan must not change result type"), Kind.DISCONNECT,
						Scope.CONNECTION, "stale-plan"),
				// feature_not_supported by the driver
				Arguments.of(new SQLFeatureNotSupportedException("createClob", "0A000"), Kind.OTHER, Scope.NONE,
						"other"),
				// unique_violation
				Arguments.of(failure("23505"), Kind.OTHER, Scope.NONE, "other"),
				// lock_not_available
				Arguments.of(failure("55P03"), Kind.OTHER, Scope.NONE, "other"),
				// HikariCP evicted it while it was in use
				Arguments.of(new SQLException("Connection is closed"), Kind.DISCONNECT, Scope.CONNECTION, "closed"),
				// a closed connection of H2
				Arguments.of(new SQLNonTransientConnectionException("closed", "90067"), Kind.DISCONNECT, Scope.SUSPECT,
						"connection-failure"),
				// no connection was free in time
				Arguments.of(
						new SQLTransientConnectionException("pool - Connection is not available, request timed out"),
						Kind.UNAVAILABLE, Scope.NONE, "pool-exhausted"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void knowsWhatAFailureMeans(SQLException failure, Kind kind, Scope scope, String reason) {
		assertThat(this.classifier.classify(failure).verdict()).isEqualTo(new FailureVerdict(kind, scope, reason));
	}

	@Test
	void saysWhichExceptionTheVerdictComesFrom() {
		SQLException failure = failure("57P01");
		ClassifiedFailure classified = this.classifier
			.classify(new DataAccessResourceFailureException("lost", failure));
		assertThat(classified).isEqualTo(new ClassifiedFailure(classified.verdict(), failure, false));
	}

	@Test
	void prefersTheFirstFailureToWhatFollowedFromIt() {
		SQLException failure = failure("25P03");
		failure.setNextException(failure("08006", new EOFException()));
		assertThat(reason(failure)).isEqualTo("idle-in-transaction-timeout");
	}

	@Test
	void doesNotTakeATimeoutThatEndedTheSessionForADisconnect() {
		SQLException failure = failure("25P04");
		failure.setNextException(failure("08006", new EOFException()));
		assertThat(this.classifier.classify(failure).verdict().kind()).isEqualTo(Kind.OTHER);
	}

	@Test
	void findsTheReasonInNextExceptions() {
		BatchUpdateException failure = new BatchUpdateException("batch", new int[0]);
		failure.setNextException(failure("40P01"));
		assertThat(reason(failure)).isEqualTo("deadlock");
	}

	@Test
	void findsTheReasonThatARollbackFailureReplaced() {
		TransactionSystemException failure = new TransactionSystemException("JDBC rollback failed",
				new SQLException("Connection is closed"));
		failure.initApplicationException(new DataAccessResourceFailureException("lost", failure("57P01")));
		assertThat(reason(failure)).isEqualTo("admin-shutdown");
	}

	@Test
	void findsTheReasonAmongTheSuppressedIfThereIsNoOther() {
		SQLException failure = new SQLException("Connection is closed");
		failure.addSuppressed(failure("57P02"));
		assertThat(reason(failure)).isEqualTo("crash-shutdown");
	}

	@Test
	void doesNotBlameABusinessExceptionOnWhatItSuppressed() {
		IllegalStateException failure = new IllegalStateException("no money");
		failure.addSuppressed(failure("57P02"));
		assertThat(reason(failure)).isEqualTo("other");
	}

	@Test
	void doesNotRerunAConnectThatNeverSucceeds() {
		// HikariCP copies the SQLSTATE and gives the failed connect as the cause
		SQLTransientConnectionException failure = new SQLTransientConnectionException(
				"pool - Connection is not available, request timed out", "28P01", failure("28P01"));
		assertThat(this.classifier.classify(new CannotCreateTransactionException("begin", failure)).verdict().kind())
			.isEqualTo(Kind.OTHER);
	}

	@Test
	void doesNotTrustTheStaleStateOfAnExhaustedPool() {
		assertThat(reason(new SQLTransientConnectionException("pool - Connection is not available", "08003")))
			.isEqualTo("pool-exhausted");
	}

	@Test
	void tellsWhyNoConnectionCouldBeHad() {
		SQLTransientConnectionException failure = new SQLTransientConnectionException(
				"pool - Connection is not available, request timed out", "57P03", failure("57P03"));
		assertThat(reason(failure)).isEqualTo("starting-up");
	}

	@Test
	void knowsASymptom() {
		assertThat(this.classifier.classify(new UnexpectedRollbackException("rolled back")).symptom()).isTrue();
		// in_failed_sql_transaction
		assertThat(this.classifier.classify(failure("25P02")).symptom()).isTrue();
		assertThat(this.classifier.classify(failure("23505")).symptom()).isFalse();
	}

	@Test
	void prefersTheCauseOfASymptom() {
		assertThat(reason(failure("25P02", failure("40001")))).isEqualTo("serialization-failure");
	}

	@Test
	void endsInACycle() {
		SQLException failure = failure("23505");
		SQLException cause = failure("23505", failure);
		failure.initCause(cause);
		cause.setNextException(failure);
		assertThat(this.classifier.classify(failure).verdict()).isEqualTo(FailureVerdict.OTHER);
	}

	@Test
	void asksTheUserFirst() {
		FailureVerdict verdict = new FailureVerdict(Kind.DISCONNECT, Scope.POOL, "failover");
		DisconnectClassifier silent = (failure) -> null;
		DisconnectClassifier user = (failure) -> "25006".equals(failure.getSQLState()) ? verdict : null;
		FailureClassifier classifier = new FailureClassifier(() -> List.of(silent, user));
		assertThat(classifier.classify(failure("25006")).verdict()).isEqualTo(verdict);
		assertThat(classifier.classify(failure("57P01")).verdict().reason()).isEqualTo("admin-shutdown");
	}

	@Test
	void passesOverAClassifierThatThrows() {
		DisconnectClassifier broken = (failure) -> {
			throw new IllegalStateException("broken");
		};
		FailureClassifier classifier = new FailureClassifier(() -> List.of(broken));
		assertThat(classifier.classify(failure("57P01")).verdict().reason()).isEqualTo("admin-shutdown");
	}

	@Test
	void passesOverAClassifierThatFailsInAnyWay() {
		DisconnectClassifier broken = (failure) -> {
			throw new AssertionError("broken");
		};
		FailureClassifier classifier = new FailureClassifier(() -> List.of(broken));
		assertThat(classifier.classify(failure("57P01")).verdict().reason()).isEqualTo("admin-shutdown");
	}

	private String reason(Throwable failure) {
		return this.classifier.classify(failure).verdict().reason();
	}

	private static SQLException failure(String state) {
		return failure(state, (Throwable) null);
	}

	private static SQLException failure(String state, @Nullable Throwable cause) {
		SQLException failure = new SQLException("failed", state);
		if (cause != null) {
			failure.initCause(cause);
		}
		return failure;
	}

	private static SQLException failure(String state, String message) {
		return new SQLException(message, state);
	}

	private static <T extends Throwable> T withCause(T failure, Throwable cause) {
		failure.initCause(cause);
		return failure;
	}

}
