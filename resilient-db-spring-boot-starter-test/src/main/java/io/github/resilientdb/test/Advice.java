package io.github.resilientdb.test;

/**
 * What a user can change so that a finding goes away.
 */
final class Advice {

	private Advice() {
	}

	static String on(Finding finding) {
		boolean rerun = finding.attempts() > 1;
		return switch (finding.verdict()) {
			case SAME -> "";
			case FAILED_UNCHANGED -> rerun
					? "the method was rerun, and failed again; see the exception, and resilientdb.retry.*"
					: "the method was not rerun: put @RetryableTransaction on the outermost transactional method, name "
							+ "it in resilientdb.retry.methods, or allow failures with allowingFailure()";
			case FAILED_CHANGED -> "a part of the work is committed by itself (autocommit, REQUIRES_NEW, another "
					+ "data source): do all of it in one transaction";
			case DIFFERENT -> rerun
					? "what a failed attempt left in memory went into the next: load what you change inside of the "
							+ "method, and don't change an argument or a field before it is saved"
					: "an exception was caught, or a result was taken for an answer, although the connection was lost";
			case DUPLICATED -> rerun
					? "what is there twice was committed apart from the transaction that was rerun (autocommit, "
							+ "REQUIRES_NEW, another data source), or the failed attempt left it in memory (a field, "
							+ "a collection): do it in the same transaction, or make it idempotent"
					: "something else than the starter ran the method again";
			case HUNG -> "nothing ends a call that waits for an answer: set resilientdb.watchdog.after, the driver's "
					+ "socketTimeout, or a longer within(...)";
			case UNKNOWN -> "the outcome of the lost COMMIT could not be established (of methods that are not "
					+ "rerun, only with resilientdb.commit.scope=all): see resilientdb.commit.verification, or allow "
					+ "it with allowingUnknown()";
			case NOT_FIRED -> "the method must do the same each time it is called: reset in given(...) what it "
					+ "depends on, caches included";
		};
	}

}
