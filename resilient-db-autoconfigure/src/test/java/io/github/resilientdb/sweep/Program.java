package io.github.resilientdb.sweep;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * An ordinary program: what it does is compared between runs with and without a fault.
 *
 * @param name its name
 * @param work what it does; what it passes to methods is made anew in each call
 * @param rerun whether all of it is retryable; otherwise it may fail, changing nothing
 */
record Program(String name, Callable<? extends @Nullable Object> work, boolean rerun) {

	/**
	 * Return a program that returns nothing.
	 */
	static Program of(String name, Step work) {
		return new Program(name, () -> {
			work.run();
			return null;
		}, true);
	}

	static Program returning(String name, Callable<? extends @Nullable Object> work) {
		return new Program(name, work, true);
	}

	/**
	 * Return this program with a part that is not rerun.
	 */
	Program partly() {
		return new Program(this.name, this.work, false);
	}

	/**
	 * What a program does.
	 */
	@FunctionalInterface
	interface Step {

		void run() throws Exception;

	}

}
