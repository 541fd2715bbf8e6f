package io.github.resilientdb.testsupport;

import java.util.Locale;

/**
 * Something that was not there before, and should have gone.
 *
 * @param kind what kind of thing it is
 * @param what which one it is
 */
public record Leak(Kind kind, String what) {

	@Override
	public String toString() {
		return this.kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + this.what;
	}

	/**
	 * What can be left behind.
	 */
	public enum Kind {

		/**
		 * A descriptor of this process.
		 */
		DESCRIPTOR,

		/**
		 * A thread of this process.
		 */
		THREAD,

		/**
		 * A process that this one started.
		 */
		PROCESS,

		/**
		 * A session on the server that the tests share.
		 */
		SESSION,

		/**
		 * Rows in a marker table of the server that the tests share.
		 */
		MARKER_ROWS

	}

}
