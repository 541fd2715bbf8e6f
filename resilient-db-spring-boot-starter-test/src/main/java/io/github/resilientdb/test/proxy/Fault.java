package io.github.resilientdb.test.proxy;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What {@link FaultProxy} does to the one statement that it is armed for. The unit is the
 * whole message batch up to Sync in which the statement travels, as it is for a real
 * network.
 *
 * @param kind what happens
 * @param delay how late the request is delivered, zero for all but
 * {@link #lateRequest(Duration)}
 * @param sqlState what the server fails with, empty for all but {@link #error(String)}
 */
public record Fault(Kind kind, Duration delay, String sqlState) {

	private static final Pattern SQL_STATE = Pattern.compile("[0-9A-Z]{5}");

	/**
	 * The server ends the session (57P01) when the request comes, without executing it.
	 */
	public static final Fault END_SESSION = new Fault(Kind.END_SESSION);

	/**
	 * The request is lost. The client sees the end of the connection, the server too.
	 */
	public static final Fault DROP_REQUEST = new Fault(Kind.DROP_REQUEST);

	/**
	 * The request is lost. The client sees the end of the connection, the server does
	 * not: its session stays idle in transaction until {@link FaultProxy#heal()}.
	 */
	public static final Fault DROP_REQUEST_SERVER_OPEN = new Fault(Kind.DROP_REQUEST_SERVER_OPEN);

	/**
	 * The request is delivered and answered; the answer is lost, and both sides see the
	 * end of the connection.
	 */
	public static final Fault DROP_RESPONSE = new Fault(Kind.DROP_RESPONSE);

	/**
	 * The request is delivered and answered; the answer is lost, and the client gets a
	 * connection reset.
	 */
	public static final Fault RESET_AFTER = new Fault(Kind.RESET_AFTER);

	/**
	 * The request is delivered; nothing comes back and nothing more is delivered, but the
	 * connection stays open on both sides until {@link FaultProxy#heal()}.
	 */
	public static final Fault BLACK_HOLE_AFTER = new Fault(Kind.BLACK_HOLE_AFTER);

	/**
	 * The request waits in the proxy until {@link ArmedFault#release()}.
	 */
	public static final Fault HOLD_REQUEST = new Fault(Kind.HOLD_REQUEST);

	/**
	 * The request is delivered; its answer waits in the proxy until
	 * {@link ArmedFault#release()}.
	 */
	public static final Fault HOLD = new Fault(Kind.HOLD);

	public Fault {
		if (delay.isNegative()) {
			throw new IllegalArgumentException("Invalid delay (" + delay + "): must not be negative");
		}
		if ((kind == Kind.ERROR) != SQL_STATE.matcher(sqlState).matches()) {
			throw new IllegalArgumentException("Invalid sqlState (" + sqlState + ") of " + kind);
		}
	}

	private Fault(Kind kind) {
		this(kind, Duration.ZERO, "");
	}

	/**
	 * The server fails with an error instead of executing the request; the session goes
	 * on, its transaction is aborted, or rolled back if the request was its COMMIT.
	 * @param sqlState the error's SQLSTATE
	 * @return the fault
	 */
	public static Fault error(String sqlState) {
		return new Fault(Kind.ERROR, Duration.ZERO, sqlState);
	}

	/**
	 * The client sees the end of the connection at once; the server gets the request
	 * later, and the end after it has answered.
	 * @param delay how much later
	 * @return the fault
	 */
	public static Fault lateRequest(Duration delay) {
		return new Fault(Kind.LATE_REQUEST, delay, "");
	}

	/**
	 * The kinds of faults, described at the constants of {@link Fault}.
	 */
	public enum Kind {

		/** See {@link Fault#END_SESSION}. */
		END_SESSION,

		/** See {@link Fault#error(String)}. */
		ERROR,

		/** See {@link Fault#DROP_REQUEST}. */
		DROP_REQUEST,

		/** See {@link Fault#DROP_REQUEST_SERVER_OPEN}. */
		DROP_REQUEST_SERVER_OPEN,

		/** See {@link Fault#DROP_RESPONSE}. */
		DROP_RESPONSE,

		/** See {@link Fault#RESET_AFTER}. */
		RESET_AFTER,

		/** See {@link Fault#BLACK_HOLE_AFTER}. */
		BLACK_HOLE_AFTER,

		/** See {@link Fault#lateRequest(Duration)}. */
		LATE_REQUEST,

		/** See {@link Fault#HOLD_REQUEST}. */
		HOLD_REQUEST,

		/** See {@link Fault#HOLD}. */
		HOLD

	}

}
