package io.github.resilientdb.attempt;

import org.jspecify.annotations.Nullable;

/**
 * The server's side of a connection that was lost within a transaction. As long as it
 * isn't known to be gone, it may hold the locks of that transaction.
 */
public final class AbandonedBackend {

	private final @Nullable AbandonedBackend earlier;

	private volatile boolean gone;

	/**
	 * Create one.
	 * @param earlier one that the same call has abandoned before, {@code null} if there
	 * is none
	 */
	AbandonedBackend(@Nullable AbandonedBackend earlier) {
		this.earlier = earlier;
	}

	/**
	 * It was ended. For any thread.
	 */
	public void ended() {
		this.gone = true;
	}

	/**
	 * Return whether this one and all earlier ones are known to be gone.
	 * @return whether none of them can hold locks
	 */
	boolean isGone() {
		return this.gone && (this.earlier == null || this.earlier.isGone());
	}

}
