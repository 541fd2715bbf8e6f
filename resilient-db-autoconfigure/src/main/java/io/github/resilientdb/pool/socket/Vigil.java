package io.github.resilientdb.pool.socket;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Notices that a wait for an answer takes long: on the thread that waits, which wakes up
 * once to say so. Costs nothing before that.
 */
public final class Vigil {

	private final long after;

	private final Consumer<LongWait> onLongWait;

	// of the thread that waits
	private boolean waiting;

	private long began;

	private volatile @Nullable LongWait current;

	/**
	 * Create a vigil over one socket.
	 * @param nanos how long a wait may last before it counts as long
	 * @param onLongWait told of a long one, on the waiting thread
	 */
	public Vigil(long nanos, Consumer<LongWait> onLongWait) {
		this.after = Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1));
		this.onLongWait = onLongWait;
	}

	/**
	 * The thread is about to wait, or to go on waiting.
	 * @param now the time
	 * @return how long it may wait before it asks again, or {@link Readiness#UNLIMITED}
	 */
	long waiting(long now) {
		if (!this.waiting) {
			this.waiting = true;
			this.began = now;
		}
		if (this.current != null) {
			return Readiness.UNLIMITED;
		}
		long left = this.after - (now - this.began);
		if (left > 0) {
			return left;
		}
		LongWait wait = new LongWait(this.began);
		this.current = wait;
		if (!isForNotification()) {
			this.onLongWait.accept(wait);
		}
		return Readiness.UNLIMITED;
	}

	/**
	 * What the thread waited for has come, or has failed.
	 */
	void over() {
		if (this.waiting) {
			this.waiting = false;
			if (this.current != null) {
				this.current = null;
			}
		}
	}

	/**
	 * A listener waits for a notification, on an idle connection: that may take for ever.
	 */
	private static boolean isForNotification() {
		return StackWalker.getInstance()
			.walk((frames) -> frames.anyMatch((frame) -> frame.getMethodName().equals("processNotifies")));
	}

	/**
	 * A wait that takes long.
	 */
	public final class LongWait {

		private final long began;

		private LongWait(long began) {
			this.began = began;
		}

		public long began() {
			return this.began;
		}

		public boolean isOver() {
			return Vigil.this.current != this;
		}

	}

}
