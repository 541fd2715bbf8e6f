package io.github.resilientdb;

import org.springframework.util.Assert;

/**
 * What a failure means.
 *
 * @param kind what happened
 * @param scope what it says of this and other connections
 * @param reason a short name for logs and meter tags, of a bounded set: lower case, words
 * joined by hyphens
 */
public record FailureVerdict(Kind kind, Scope scope, String reason) {

	/**
	 * A failure that says nothing about connections and is no reason for a rerun.
	 */
	public static final FailureVerdict OTHER = new FailureVerdict(Kind.OTHER, Scope.NONE, "other");

	public FailureVerdict {
		Assert.hasText(reason, "Invalid reason (empty): must have text");
	}

	/**
	 * What happened.
	 */
	public enum Kind {

		/**
		 * The connection in use was lost.
		 */
		DISCONNECT,

		/**
		 * There was no connection to be had, which may pass: refused, starting up, too
		 * many clients, none free in time.
		 */
		UNAVAILABLE,

		/**
		 * The server chose this transaction to fail so that others stay serializable
		 * (SQLSTATE 40001).
		 */
		SERIALIZATION_FAILURE,

		/**
		 * The server chose this transaction to fail so that a deadlock ends (SQLSTATE
		 * 40P01).
		 */
		DEADLOCK,

		/**
		 * Anything else: never a reason for a rerun.
		 */
		OTHER

	}

	/**
	 * What a failure says of connections.
	 */
	public enum Scope {

		/**
		 * Nothing: the connection is as good as before.
		 */
		NONE,

		/**
		 * This connection is dead; nothing is known of others.
		 */
		CONNECTION,

		/**
		 * This connection is dead, and older ones must prove themselves before they are
		 * lent again.
		 */
		SUSPECT,

		/**
		 * This connection is dead, and so are all older ones.
		 */
		POOL

	}

}
