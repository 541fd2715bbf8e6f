package io.github.resilientdb.pool.socket;

import org.jspecify.annotations.Nullable;

/**
 * What has gone over a connection, and whether an answer is long in coming. Told by the
 * thread that uses the connection; when something came may be asked by any.
 */
final class WireTraffic {

	private final long openedAt = System.nanoTime();

	private volatile long lastReadAt = this.openedAt;

	private volatile long lastAnswerAt = this.openedAt;

	// a hint: right after a request its answer cannot be there yet
	private boolean answerPending;

	private volatile int readTimeout;

	private @Nullable Vigil vigil;

	/**
	 * Have long waits noticed; to be called before the socket is used by others.
	 */
	void watch(Vigil vigil) {
		this.vigil = vigil;
	}

	int readTimeout() {
		return this.readTimeout;
	}

	void readTimeout(int millis) {
		this.readTimeout = millis;
	}

	/**
	 * A request, or a part of one, is about to be sent.
	 */
	void sending() {
		if (!this.answerPending) {
			this.lastAnswerAt = this.lastReadAt;
		}
	}

	void sent() {
		this.answerPending = true;
	}

	/**
	 * Something is about to be read.
	 * @return whether it may be there without a wait
	 */
	boolean reading() {
		boolean pending = this.answerPending;
		this.answerPending = false;
		return !pending;
	}

	void received() {
		this.lastReadAt = System.nanoTime();
	}

	/**
	 * The thread is about to wait, or to go on waiting.
	 * @param now the time
	 * @return how long it may wait before it asks again, or {@link Readiness#UNLIMITED}
	 */
	long waiting(long now) {
		return (this.vigil != null) ? this.vigil.waiting(now) : Readiness.UNLIMITED;
	}

	void waited() {
		if (this.vigil != null) {
			this.vigil.over();
		}
	}

	boolean isAnswerPending() {
		return this.answerPending;
	}

	/**
	 * Return when the answer came to the last but one request, the last one that was
	 * followed by another, as a value of {@link System#nanoTime()}. The last thing that
	 * was read may be a farewell, which may have been there for long.
	 */
	long lastAnswerAt() {
		return this.lastAnswerAt;
	}

	/**
	 * Return when the last byte was read.
	 */
	long lastReadAt() {
		return this.lastReadAt;
	}

	/**
	 * Return whether a byte has ever been read.
	 */
	boolean hasReceived() {
		return this.lastReadAt != this.openedAt;
	}

}
