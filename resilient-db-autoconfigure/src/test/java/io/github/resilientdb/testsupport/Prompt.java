package io.github.resilientdb.testsupport;

import java.time.Duration;

/**
 * Assertions that need hold only as long as little time passes meanwhile: on a machine
 * that stops for a while they say nothing, and are made again.
 */
public final class Prompt {

	private static final int MOST_ATTEMPTS = 20;

	private Prompt() {
	}

	/**
	 * Make assertions, again and again while they fail and took too long.
	 * @param limit how long they may take to mean anything
	 * @param assertions the assertions, and what they are about
	 */
	public static void within(Duration limit, Assertions assertions) throws Exception {
		for (int attempt = 1;; attempt++) {
			long start = System.nanoTime();
			try {
				assertions.make();
				return;
			}
			catch (AssertionError ex) {
				if (attempt == MOST_ATTEMPTS || System.nanoTime() - start <= limit.toNanos()) {
					throw ex;
				}
			}
		}
	}

	/**
	 * What is asserted.
	 */
	@FunctionalInterface
	public interface Assertions {

		void make() throws Exception;

	}

}
