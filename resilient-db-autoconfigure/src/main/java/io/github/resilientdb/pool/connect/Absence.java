package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * What callers who wait for a database that is away need to know: since when it has been
 * away, why, and how much time the next attempt to reach it gets.
 */
final class Absence {

	static final long LONGEST_ATTEMPT = TimeUnit.SECONDS.toNanos(10);

	/**
	 * An attempt that got no answer within less says nothing of the database.
	 */
	static final long SHORTEST_TELLING_ATTEMPT = TimeUnit.SECONDS.toNanos(1);

	private final long since = System.nanoTime();

	// a silent host is given up soon, a slow one gets more time each time
	private volatile long patience = SHORTEST_TELLING_ATTEMPT;

	private volatile ConnectFailure meaning;

	private volatile SQLException failure;

	Absence(ConnectFailure meaning, SQLException failure) {
		this.meaning = meaning;
		this.failure = failure;
	}

	/**
	 * Return whether a failed attempt says nothing of the database: it was given up too
	 * soon.
	 * @param meaning what it means
	 * @param allowed how long it might take, in nanoseconds
	 * @param took how long it took, likewise: one that is ended at once has its answer
	 */
	static boolean isUntold(ConnectFailure meaning, long allowed, long took) {
		return meaning == ConnectFailure.SILENT && allowed < SHORTEST_TELLING_ATTEMPT && took >= allowed / 2;
	}

	/**
	 * Another attempt has failed.
	 * @param took how long it took, in nanoseconds: where it asks several hosts, one may
	 * have been silent though another one says why it failed
	 */
	void failed(ConnectFailure meaning, SQLException failure, long took) {
		boolean silent = meaning == ConnectFailure.SILENT || took >= this.patience / 2;
		this.patience = silent ? Math.min(2 * this.patience, LONGEST_ATTEMPT) : SHORTEST_TELLING_ATTEMPT;
		this.meaning = meaning;
		this.failure = failure;
	}

	/**
	 * Return for how long the database has been away, in nanoseconds.
	 */
	long lasting(long now) {
		return now - this.since;
	}

	/**
	 * Return how long the next attempt may take, in nanoseconds.
	 */
	long patience() {
		return this.patience;
	}

	ConnectFailure meaning() {
		return this.meaning;
	}

	SQLException failure() {
		return this.failure;
	}

}
