package io.github.resilientdb.pool.connect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many may be in a driver that might never come back: two at once. Whoever waits for
 * one of them leaves it behind at the deadline, and its place stays taken until it is
 * back.
 * <p>
 * Nothing ends a driver that listens neither to its clock nor to an interrupt. So that
 * two of those don't keep everyone else out for good, long after the network has healed,
 * the place of the one that was left behind first is given to somebody else once it has
 * hung for a minute. One place is given up at a time, and each later than the one before,
 * so that they don't pile up while the driver goes on hanging: after 1, 2, 4, 8, and then
 * every 10 minutes.
 */
final class DriverPlaces {

	private static final Logger logger = LoggerFactory.getLogger(DriverPlaces.class);

	static final int PLACES = 2;

	static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

	static final long LONGEST_PATIENCE = TimeUnit.MINUTES.toNanos(10);

	private final LongSupplier clock;

	private final Semaphore free = new Semaphore(PLACES, true);

	// guarded by this, as all that follows; the one that hangs longest is first
	private final Deque<Place> leftBehind = new ArrayDeque<>();

	private int givenUp;

	private long lastGivenUp;

	/**
	 * Create the places.
	 * @param clock what tells the time, as {@link System#nanoTime()} does
	 */
	DriverPlaces(LongSupplier clock) {
		this.clock = clock;
		this.lastGivenUp = clock.getAsLong();
	}

	/**
	 * Wait for a place.
	 * @param deadline until when
	 * @return the place, {@code null} if none was to be had
	 * @throws InterruptedException if the thread is interrupted
	 */
	@Nullable Place take(long deadline) throws InterruptedException {
		long wait = 0;
		while (!this.free.tryAcquire(wait, TimeUnit.NANOSECONDS)) {
			wait = giveUpOldest();
			if (wait > 0) {
				long remaining = deadline - this.clock.getAsLong();
				if (remaining <= 0) {
					return null;
				}
				wait = Math.min(remaining, wait);
			}
			else {
				logger.warn("An attempt to connect hangs in the driver, for at least a minute after its deadline. "
						+ "Others may connect in its place; {} have not come back", hanging());
			}
		}
		return new Place();
	}

	/**
	 * Give up the place of the one that has hung longest, if it is time.
	 * @return how long to wait for a place before asking again
	 */
	private synchronized long giveUpOldest() {
		Place oldest = this.leftBehind.peekFirst();
		if (oldest == null) {
			return PATIENCE;
		}
		long since = (this.lastGivenUp - oldest.leftAt > 0) ? this.lastGivenUp : oldest.leftAt;
		long now = this.clock.getAsLong();
		long remaining = since + patience(this.givenUp) - now;
		if (remaining > 0) {
			return remaining;
		}
		this.leftBehind.removeFirst();
		oldest.state = State.GIVEN_UP;
		this.givenUp++;
		this.lastGivenUp = now;
		this.free.release();
		return 0;
	}

	/**
	 * Return how long one must have hung before its place is given up.
	 * @param givenUp how many hang whose place was given up
	 * @return nanoseconds
	 */
	static long patience(int givenUp) {
		return Math.min(LONGEST_PATIENCE, PATIENCE << Math.min(givenUp, 10));
	}

	/**
	 * Return how many nobody waits for any more that have not come back.
	 */
	synchronized int hanging() {
		return this.leftBehind.size() + this.givenUp;
	}

	/**
	 * A place in the driver, taken until who has it is back.
	 */
	final class Place {

		private State state = State.WAITED_FOR;

		private long leftAt;

		/**
		 * Nobody waits any more.
		 * @return whether that is so, {@code false} if the driver has just come back
		 */
		boolean leave() {
			synchronized (DriverPlaces.this) {
				if (this.state != State.WAITED_FOR) {
					return false;
				}
				this.state = State.LEFT_BEHIND;
				this.leftAt = DriverPlaces.this.clock.getAsLong();
				DriverPlaces.this.leftBehind.addLast(this);
				return true;
			}
		}

		/**
		 * The driver has come back.
		 * @return whether somebody has waited for that
		 */
		boolean back() {
			State before;
			synchronized (DriverPlaces.this) {
				before = this.state;
				this.state = State.BACK;
				if (before == State.LEFT_BEHIND) {
					DriverPlaces.this.leftBehind.remove(this);
				}
				else if (before == State.GIVEN_UP) {
					DriverPlaces.this.givenUp--;
				}
			}
			if (before != State.GIVEN_UP) {
				DriverPlaces.this.free.release();
			}
			return before == State.WAITED_FOR;
		}

	}

	private enum State {

		WAITED_FOR, LEFT_BEHIND, GIVEN_UP, BACK

	}

}
