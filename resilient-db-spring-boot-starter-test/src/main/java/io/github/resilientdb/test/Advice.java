package io.github.resilientdb.test;

/**
 * What a user can change so that a finding goes away.
 */
final class Advice {

	/**
	 * For runs without a fault that differ.
	 */
	static final String ON_GENERATED = "Put back in given(...) what it depends on. What is generated anew each time "
			+ "(a token, a number that is no key) can't be compared: return nothing, and the rows tell what was done: "
			+ "when(() -> { service.place(); })";

	/**
	 * For methods that go on in another thread.
	 */
	static final String ON_ASYNCHRONOUS = "If it answers asynchronously (Callable, DeferredResult, @Async), wait for the "
			+ "answer in when(...): with MockMvc, MvcResult begun = mvc.perform(…).andReturn(); begun.getAsyncResult(); "
			+ "return mvc.perform(asyncDispatch(begun)).andReturn();";

	private Advice() {
	}

	/**
	 * For runs without a fault that fail, each with a message of its own.
	 */
	static String onGenerated(Throwable thrown) {
		return "Put back in given(...) what it depends on. What is generated anew each time (a token, a time, a number "
				+ "that is no key) can't be compared, not even in the message of an exception: catch that one, and "
				+ "the rows tell what was done: when(() -> { try { service.place(); } catch (%s ex) { } })"
					.formatted(thrown.getClass().getSimpleName());
	}

	static String on(Finding finding) {
		if (finding.explanation().startsWith(Judge.OPEN) || finding.explanation().contains(Judge.LENT)) {
			return "after a failure the method leaves a connection or a transaction open: close what it opens in any "
					+ "case (try-with-resources, or TransactionTemplate and JdbcTemplate, which do it), and roll back "
					+ "what it began by hand";
		}
		boolean rerun = finding.attempts() > 1;
		return switch (finding.verdict()) {
			case SAME -> "";
			case FAILED_UNCHANGED -> rerun
					? "the method was rerun, and failed again: see the exception. If the first attempt left something "
							+ "that the next one stumbles over (a field, a file, a lock elsewhere), make it inside of "
							+ "the method; if attempts or time ran out, raise resilientdb.retry.max-attempts or "
							+ "resilientdb.retry.deadline"
					: "the method was not rerun: put @RetryableTransaction on the outermost transactional method, name "
							+ "it in resilientdb.retry.methods, or allow failures with allowingFailure()";
			case FAILED_CHANGED -> "a part of the work is committed by itself (a statement outside of a transaction, "
					+ "REQUIRES_NEW, another data source): do all of it in one transaction, with @Transactional or "
					+ "@RetryableTransaction on the method that calls all of it";
			case DIFFERENT -> rerun
					? "what a failed attempt left in memory went into the next: load what you change inside of the "
							+ "method, and don't change an argument or a field before it is saved"
					: "an exception was caught, or a result was taken for an answer, although the connection was lost: "
							+ "let the exception leave the transactional method";
			case DUPLICATED -> rerun
					? "what is there twice was committed apart from the transaction that was rerun (a statement outside "
							+ "of a transaction, REQUIRES_NEW, another data source), or the failed attempt left it in "
							+ "memory (a field, a collection): do it in the same transaction, or make it idempotent"
					: "something else than the starter ran the method again: take away that loop, or other library "
							+ "for retries";
			case HUNG -> "nothing ends a call that waits for an answer: set resilientdb.watchdog.after, the driver's "
					+ "socketTimeout, or a longer within(...)";
			case UNKNOWN -> "the outcome of the lost COMMIT could not be established (of methods that are not "
					+ "rerun, only with resilientdb.commit.scope=all): see resilientdb.commit.verification, or allow "
					+ "it with allowingUnknown()";
			case NOT_RUN -> "given(...) must work each time, whatever the runs before have left: see the exception";
			case NOT_FIRED -> "the method must do the same each time it is called: reset in given(...) what it "
					+ "depends on, caches included. " + ON_ASYNCHRONOUS;
		};
	}

}
