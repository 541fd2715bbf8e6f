package io.github.resilientdb.benchmarks;

/**
 * What is done over and over while the time is taken.
 */
@FunctionalInterface
interface Operation {

	void run() throws Exception;

}
