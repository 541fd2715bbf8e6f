package io.github.resilientdb.retry;

import java.util.Locale;

import io.github.resilientdb.FailureVerdict;
import org.jspecify.annotations.Nullable;

/**
 * A reason to rerun a transaction.
 */
public enum RetryReason {

	/**
	 * A connection was lost, or none could be had.
	 */
	DISCONNECT,

	/**
	 * The server ended the transaction so that others stay serializable.
	 */
	SERIALIZATION_FAILURE,

	/**
	 * The server ended the transaction so that a deadlock ends.
	 */
	DEADLOCK;

	static @Nullable RetryReason of(FailureVerdict.Kind kind) {
		return switch (kind) {
			case DISCONNECT, UNAVAILABLE -> DISCONNECT;
			case SERIALIZATION_FAILURE -> SERIALIZATION_FAILURE;
			case DEADLOCK -> DEADLOCK;
			case OTHER -> null;
		};
	}

	// As it is written in the property
	String tag() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	boolean isContention() {
		return this != DISCONNECT;
	}

}
