package io.github.resilientdb.pool.guard;

import java.util.concurrent.TimeUnit;

/**
 * When a connection was opened, used, and last answered, and what that says of it after
 * an incident.
 */
final class ProofOfLife {

	// a connection that was just opened has proven itself by that
	private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(500);

	private final Generations generations;

	private final long generation;

	private final long openedAt;

	private final long expiresAfter;

	private volatile long provenAt;

	private volatile long usedAt;

	/**
	 * Create the proof of a connection that was just opened, which is one in itself.
	 * @param generations the incidents of the pool
	 * @param generation the generation from before it was opened
	 * @param now when it was opened
	 * @param expiresAfter the age at which it is replaced, in nanoseconds
	 */
	ProofOfLife(Generations generations, long generation, long now, long expiresAfter) {
		this.generations = generations;
		this.generation = generation;
		this.openedAt = now;
		this.expiresAfter = expiresAfter;
		this.provenAt = now;
		this.usedAt = now;
	}

	long generation() {
		return this.generation;
	}

	long provenAt() {
		return this.provenAt;
	}

	/**
	 * The server answered.
	 * @param asked when it was asked: what an answer proves is that the server lived
	 * then, or later
	 */
	void proven(long asked) {
		this.provenAt = asked;
	}

	void used(long now) {
		this.usedAt = now;
	}

	/**
	 * Return whether the connection is dead because of an incident elsewhere, or
	 * discarded on demand.
	 */
	boolean isInvalidated() {
		return this.generations.isDead(this.generation, this.provenAt);
	}

	/**
	 * Return whether the connection must answer before it is lent.
	 */
	boolean isSuspect() {
		return this.generations.isSuspect(this.generation, this.provenAt);
	}

	boolean isDoubtful() {
		return isInvalidated() || isSuspect();
	}

	boolean isExpired(long now) {
		return now - this.openedAt >= this.expiresAfter;
	}

	/**
	 * Return whether the connection was just opened, and not used yet: it needs no check.
	 */
	boolean isFresh(long now) {
		return isUnused() && now - this.openedAt <= FRESH;
	}

	private boolean isUnused() {
		return this.usedAt == this.openedAt;
	}

	long idle(long now) {
		return now - this.usedAt;
	}

	/**
	 * Return the idle time after which a check of this connection is a round trip.
	 * @param pingAfter what is configured, in nanoseconds
	 */
	long pingAfter(long pingAfter) {
		return isUnused() ? Math.max(pingAfter, FRESH) : pingAfter;
	}

}
