package io.github.resilientdb.test;

/**
 * What came of a run with a fault, compared with the run without.
 */
public enum Verdict {

	/** Rows, result, events and callbacks are those of the run without a fault. */
	SAME("as without the fault"),

	/** The method failed, and nothing was changed: it can be called again. */
	FAILED_UNCHANGED("failed, nothing changed"),

	/** The method failed, but its changes or a part of them were committed. */
	FAILED_CHANGED("failed, but changed something"),

	/** The method succeeded, but did something else than without the fault. */
	DIFFERENT("silently different"),

	/** The method succeeded, and did something twice. */
	DUPLICATED("duplicated"),

	/** The method did not end in time. */
	HUNG("hung"),

	/** The method said that the outcome of its transaction is unknown. */
	UNKNOWN("outcome unknown"),

	/** The method was not called, since what comes before it failed. */
	NOT_RUN("could not be run"),

	/** The method never came to the statement at which the fault was placed. */
	NOT_FIRED("the fault did not fire");

	private final String description;

	Verdict(String description) {
		this.description = description;
	}

	@Override
	public String toString() {
		return this.description;
	}

}
