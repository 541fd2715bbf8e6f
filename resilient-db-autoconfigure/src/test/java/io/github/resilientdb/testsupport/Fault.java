package io.github.resilientdb.testsupport;

import java.time.Duration;

/**
 * What {@link FaultProxy} does to the one statement that it is armed for. The unit is the
 * whole message batch up to Sync in which the statement travels, as it is for a real
 * network.
 *
 * @param kind what happens
 * @param delay how late the request is delivered, zero for all but
 * {@link #lateRequest(Duration)}
 */
public record Fault(Kind kind, Duration delay) {

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
	}

	private Fault(Kind kind) {
		this(kind, Duration.ZERO);
	}

	/**
	 * The client sees the end of the connection at once; the server gets the request
	 * later, and the end after it has answered.
	 * @param delay how much later
	 * @return the fault
	 */
	public static Fault lateRequest(Duration delay) {
		return new Fault(Kind.LATE_REQUEST, delay);
	}

	/**
	 * The kinds of faults, described at the constants of {@link Fault}.
	 */
	public enum Kind {

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
