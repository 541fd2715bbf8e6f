package io.github.resilientdb.test;

/**
 * Something that a test does, and that may fail.
 */
@FunctionalInterface
public interface Work {

	/**
	 * Do it.
	 * @throws Exception if it fails
	 */
	void run() throws Exception;

}
