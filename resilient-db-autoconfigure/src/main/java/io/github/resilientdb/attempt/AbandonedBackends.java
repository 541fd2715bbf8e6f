package io.github.resilientdb.attempt;

import org.jspecify.annotations.Nullable;

/**
 * What an attempt and those before it may have left on the server, and the waits for
 * locks that this has cost. Confined to its thread.
 */
public final class AbandonedBackends {

	// of earlier attempts
	private final @Nullable AbandonedBackend inherited;

	// of this one too
	private @Nullable AbandonedBackend latest;

	private @Nullable Throwable endedLockWait;

	AbandonedBackends(@Nullable AbandonedBackend inherited) {
		this.inherited = inherited;
		this.latest = inherited;
	}

	/**
	 * A connection was lost within a transaction, and the server's side of it may still
	 * be there.
	 * @return what stands for that
	 */
	public AbandonedBackend abandon() {
		AbandonedBackend earlier = this.latest;
		AbandonedBackend backend = new AbandonedBackend((earlier != null && !earlier.isGone()) ? earlier : null);
		this.latest = backend;
		return backend;
	}

	/**
	 * Return whether this attempt may meet locks that an earlier one has left behind, so
	 * that no wait for one may last beyond the deadline.
	 * @return whether a backend was abandoned and isn't known to be gone
	 */
	public boolean mustLimitLockWaits() {
		return this.inherited != null && !this.inherited.isGone();
	}

	/**
	 * A statement has waited for a lock until the deadline.
	 * @param failure the failure as the driver threw it
	 */
	public void lockWaitEnded(Throwable failure) {
		this.endedLockWait = failure;
	}

	/**
	 * Return what this attempt and those before it may have left on the server.
	 * @return what stands for that, or {@code null} if nothing is left
	 */
	public @Nullable AbandonedBackend latest() {
		return this.latest;
	}

	/**
	 * Return whether this attempt may have left something on the server.
	 * @return whether a connection was lost whose backend isn't known to be gone
	 */
	public boolean hasAbandoned() {
		return this.latest != this.inherited;
	}

	/**
	 * Return how a wait for a lock ended with the deadline.
	 * @return the failure as the driver threw it, or {@code null}
	 */
	public @Nullable Throwable endedLockWait() {
		return this.endedLockWait;
	}

	void rolledBackToSavepoint() {
		this.endedLockWait = null;
	}

	/**
	 * Take over what an inner retryable call has left.
	 */
	void takeOver(AbandonedBackends inner) {
		this.latest = inner.latest;
		if (inner.endedLockWait != null) {
			this.endedLockWait = inner.endedLockWait;
		}
	}

	/**
	 * The server's side of a connection that was lost within a transaction. As long as it
	 * isn't known to be gone, it may hold the locks of that transaction.
	 */
	public static final class AbandonedBackend {

		private final @Nullable AbandonedBackend earlier;

		private volatile boolean gone;

		/**
		 * Create one.
		 * @param earlier one that the same call has abandoned before, {@code null} if
		 * there is none
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

}
