package io.github.resilientdb.test.proxy;

import java.util.regex.Pattern;

/**
 * What {@link FaultProxy} does to the one statement that it is armed for. The unit is the
 * whole message batch up to Sync in which the statement travels, as it is for a real
 * network.
 *
 * @param kind what happens
 * @param sqlState what the server fails with, empty for all but {@link #error(String)}
 */
public record Fault(Kind kind, String sqlState) {

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
	 * The request is delivered and answered; the answer is lost, and both sides see the
	 * end of the connection.
	 */
	public static final Fault DROP_RESPONSE = new Fault(Kind.DROP_RESPONSE);

	/**
	 * The request is delivered; nothing comes back and nothing more is delivered, but the
	 * connection stays open on both sides until {@link FaultProxy#heal()}.
	 */
	public static final Fault BLACK_HOLE_AFTER = new Fault(Kind.BLACK_HOLE_AFTER);

	public Fault {
		if ((kind == Kind.ERROR) != SQL_STATE.matcher(sqlState).matches()) {
			throw new IllegalArgumentException("Invalid sqlState (" + sqlState + ") of " + kind);
		}
	}

	private Fault(Kind kind) {
		this(kind, "");
	}

	/**
	 * The server fails with an error instead of executing the request; the session goes
	 * on, its transaction is aborted, or rolled back if the request was its COMMIT.
	 * @param sqlState the error's SQLSTATE
	 * @return the fault
	 */
	public static Fault error(String sqlState) {
		return new Fault(Kind.ERROR, sqlState);
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

		/** See {@link Fault#DROP_RESPONSE}. */
		DROP_RESPONSE,

		/** See {@link Fault#BLACK_HOLE_AFTER}. */
		BLACK_HOLE_AFTER,

	}

}
