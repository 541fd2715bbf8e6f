package io.github.resilientdb.test;

import io.github.resilientdb.test.proxy.Fault;

/**
 * What is done to a connection at one of a method's round trips.
 */
public enum FaultKind {

	/**
	 * The server ends the session (57P01) before it executes the statement, as at a
	 * restart.
	 */
	SESSION_ENDED("ended", "session ended before %s", Fault.END_SESSION),

	/**
	 * The statement never reaches the server; both sides see the end of the connection.
	 */
	REQUEST_LOST("request", "request of %s lost", Fault.DROP_REQUEST),

	/**
	 * The server executes the statement; both sides see the end of the connection before
	 * the reply has come.
	 */
	REPLY_LOST("reply", "reply of %s lost", Fault.DROP_RESPONSE),

	/**
	 * The server executes the statement; nothing comes back and the connection stays
	 * open.
	 */
	SILENT("silent", "silence after %s", Fault.BLACK_HOLE_AFTER),

	/**
	 * The statement fails with 40001: the transaction must be repeated, the connection
	 * lives.
	 */
	SERIALIZATION_FAILURE("40001", "40001 at %s", Fault.error("40001")),

	/**
	 * The statement fails with 25006: the server has become a standby, which refuses to
	 * write. Applies to statements that write.
	 */
	STANDBY("25006", "25006 at %s", Fault.error("25006"));

	private final String label;

	private final String description;

	private final Fault fault;

	FaultKind(String label, String description, Fault fault) {
		this.label = label;
		this.description = description;
		this.fault = fault;
	}

	/**
	 * Return the heading of its column in a summary.
	 */
	String label() {
		return this.label;
	}

	Fault fault() {
		return this.fault;
	}

	boolean appliesTo(RoundTrip roundTrip) {
		return switch (this) {
			case SERIALIZATION_FAILURE -> roundTrip.isCommit() || roundTrip.reads() || roundTrip.writes();
			case STANDBY -> roundTrip.writes();
			default -> true;
		};
	}

	String describe(RoundTrip roundTrip) {
		return this.description.formatted("statement " + roundTrip.number()) + ": " + roundTrip.summary();
	}

}
