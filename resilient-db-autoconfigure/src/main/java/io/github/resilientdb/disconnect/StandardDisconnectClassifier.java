package io.github.resilientdb.disconnect;

import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

import io.github.resilientdb.DisconnectClassifier;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The SQLSTATEs of the standard and the exceptions of JDBC, HikariCP and the network,
 * which mean the same for every database.
 */
final class StandardDisconnectClassifier implements DisconnectClassifier {

	private static final int MAX_CAUSES = 16;

	private static final Verdicts STATES = new Verdicts()
		// connection_exception
		.disconnect("08000", Scope.SUSPECT, "connection-failure")
		// connection_does_not_exist: closed before; nothing was sent
		.disconnect("08003", Scope.SUSPECT, "connection-failure")
		// connection_failure: lost while in use
		.disconnect("08006", Scope.SUSPECT, "connection-failure")
		// communication link failure (ODBC's, used by MySQL and others)
		.disconnect("08S01", Scope.SUSPECT, "connection-failure")
		// sqlclient_unable_to_establish_sqlconnection
		.unavailable("08001", "connect-failed")
		// sqlserver_rejected_establishment_of_sqlconnection: TLS or authentication that
		// the server does not have; asking again does not help
		.other("08004", Scope.NONE, "connection-rejected")
		// transaction_resolution_unknown: lost in a COMMIT, never to be repeated blindly
		.other("08007", Scope.SUSPECT, "outcome-unknown")
		// protocol_violation: wrong parameters, or nonsense on the wire; the connection
		// may be out of step, and asking again does not help
		.other("08P01", Scope.CONNECTION, "protocol-violation")
		// serialization_failure
		.contention("40001", Kind.SERIALIZATION_FAILURE, "serialization-failure");

	// invalid_authorization_specification: password, role, pg_hba.conf
	private static final FailureVerdict AUTHENTICATION = new FailureVerdict(Kind.OTHER, Scope.NONE, "authentication");

	private static final FailureVerdict CERTIFICATE = new FailureVerdict(Kind.OTHER, Scope.NONE, "certificate");

	static final FailureVerdict CLOSED = new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION, "closed");

	// Only says that something failed before, or that a cause may say more
	private static final Set<String> VAGUE_REASONS = Set.of("closed", "connect-failed", "connection-failure",
			"pool-exhausted");

	private static final FailureVerdict EXHAUSTED = new FailureVerdict(Kind.UNAVAILABLE, Scope.NONE, "pool-exhausted");

	private static final FailureVerdict LOST = new FailureVerdict(Kind.DISCONNECT, Scope.SUSPECT, "connection-failure");

	@Override
	public @Nullable FailureVerdict classify(SQLException failure) {
		if (isCheckout(failure)) {
			return EXHAUSTED;
		}
		FailureVerdict verdict = byState(failure);
		return (verdict != null) ? refine(verdict, failure.getCause()) : null;
	}

	static boolean isVague(FailureVerdict verdict) {
		return VAGUE_REASONS.contains(verdict.reason());
	}

	// HikariCP copies the SQLSTATE of the last failed connect, however old, into the
	// timeout of a checkout. The causes are classified by themselves
	private static boolean isCheckout(SQLException failure) {
		String message = failure.getMessage();
		return failure.getClass() == SQLTransientConnectionException.class && (failure.getSQLState() == null
				|| (message != null && message.contains("Connection is not available")));
	}

	private static @Nullable FailureVerdict byState(SQLException failure) {
		String state = failure.getSQLState();
		FailureVerdict verdict = STATES.get(state);
		if (verdict != null) {
			return verdict;
		}
		if (state != null && state.startsWith("28")) {
			return AUTHENTICATION;
		}
		if ((state != null && state.startsWith("08")) || failure instanceof SQLNonTransientConnectionException) {
			return LOST;
		}
		return (state != null) ? null : withoutState(failure);
	}

	private static @Nullable FailureVerdict withoutState(SQLException failure) {
		// HikariCP after it evicted a connection that is in use
		if ("Connection is closed".equals(failure.getMessage())) {
			return CLOSED;
		}
		return (networkReason(failure.getCause()) != null) ? LOST : null;
	}

	private static FailureVerdict refine(FailureVerdict verdict, @Nullable Throwable cause) {
		if (verdict.kind() != Kind.DISCONNECT && verdict.kind() != Kind.UNAVAILABLE) {
			return verdict;
		}
		String reason = networkReason(cause);
		if (reason == null) {
			return verdict;
		}
		return switch (reason) {
			case "certificate" -> CERTIFICATE;
			// This thread closed it: nothing is wrong with other connections
			case "interrupted" -> new FailureVerdict(verdict.kind(), scopeOfOne(verdict), reason);
			case "connect-failed" -> verdict;
			default -> new FailureVerdict(verdict.kind(), verdict.scope(), reason);
		};
	}

	private static Scope scopeOfOne(FailureVerdict verdict) {
		return (verdict.scope() != Scope.NONE) ? Scope.CONNECTION : Scope.NONE;
	}

	private static @Nullable String networkReason(@Nullable Throwable cause) {
		String reason = null;
		Throwable candidate = cause;
		for (int i = 0; candidate != null && i < MAX_CAUSES; i++) {
			String found = reason(candidate);
			if ("certificate".equals(found)) {
				return found;
			}
			// a socket that was closed may say why
			reason = (reason == null || (reason.equals("reset") && found != null)) ? found : reason;
			candidate = candidate.getCause();
		}
		return reason;
	}

	private static @Nullable String reason(Throwable cause) {
		if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
			return "certificate";
		}
		if (cause instanceof ClosedByInterruptException || isInterrupt(cause)) {
			return "interrupted";
		}
		if (cause instanceof SocketTimeoutException) {
			return "timeout";
		}
		if (cause instanceof UnknownHostException) {
			return "unknown-host";
		}
		if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
			return "connect-failed";
		}
		if (cause instanceof SocketException) {
			return "reset";
		}
		if (cause instanceof EOFException) {
			return "eof";
		}
		return (cause instanceof SSLException) ? "tls" : null;
	}

	private static boolean isInterrupt(Throwable cause) {
		return (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException))
				|| (cause instanceof SocketException && "Closed by interrupt".equals(cause.getMessage()));
	}

}
