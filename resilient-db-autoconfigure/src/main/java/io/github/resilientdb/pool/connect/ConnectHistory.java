package io.github.resilientdb.pool.connect;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the attempts of a pool to open connections, whether the database is
 * away or not: which are under way, and what came of the last one. Thread-safe.
 */
final class ConnectHistory {

	private final LongSupplier nanoTime;

	private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

	private volatile @Nullable ConnectAttempt last;

	ConnectHistory(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * An attempt begins.
	 * @return when, to be given back with its end
	 */
	Long began() {
		Long start = this.nanoTime.getAsLong();
		this.underWay.add(start);
		return start;
	}

	ConnectAttempt succeeded(Long start) {
		return ended(start, null);
	}

	ConnectAttempt failed(Long start, Exception failure) {
		return ended(start, failure);
	}

	/**
	 * An attempt is over, whatever came of it.
	 */
	void left(Long start) {
		this.underWay.remove(start);
	}

	private ConnectAttempt ended(Long start, @Nullable Exception failure) {
		ConnectAttempt attempt = new ConnectAttempt(start, this.nanoTime.getAsLong(), failure);
		this.last = attempt;
		return attempt;
	}

	@Nullable ConnectAttempt last() {
		return this.last;
	}

	/**
	 * Return why no connection can be had at present.
	 * @return the failure of the last attempt, {@code null} if it succeeded
	 */
	@Nullable Exception failure() {
		ConnectAttempt last = this.last;
		return (last != null) ? last.failure() : null;
	}

	/**
	 * Return how long the oldest attempt has been under way.
	 * @return nanoseconds, 0 if there is none
	 */
	long longestUnderWay() {
		long now = this.nanoTime.getAsLong();
		return this.underWay.stream().mapToLong((start) -> now - start).max().orElse(0);
	}

}
