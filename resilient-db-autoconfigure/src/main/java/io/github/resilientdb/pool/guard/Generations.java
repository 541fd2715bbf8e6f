package io.github.resilientdb.pool.guard;

import io.github.resilientdb.FailureVerdict.Scope;

/**
 * Which connections an incident concerns. Connections are numbered by generations: a
 * connection belongs to the generation that was current <em>before</em> it was opened, so
 * that one whose opening was under way during an incident counts as older than it.
 * <p>
 * The first failure of a generation ends it; later failures of connections that are older
 * than the incident change nothing, so that one incident is dealt with once and newer
 * connections are left alone. A connection on which the server has answered since is as
 * good as a newer one. (SQLAlchemy compares wall-clock times to the same end.)
 */
final class Generations {

	private volatile long current;

	private volatile Mark suspect = Mark.NONE;

	private volatile Mark dead = Mark.NONE;

	private volatile long discardedBelow;

	/**
	 * Return the generation of a connection that is about to be opened.
	 * @return the current generation
	 */
	long current() {
		return this.current;
	}

	/**
	 * Return whether a connection is dead because of an incident elsewhere, or discarded
	 * on demand.
	 * @param generation the generation of the connection
	 * @param provenAt when the server last answered on it
	 * @return whether it must be discarded
	 */
	boolean isDead(long generation, long provenAt) {
		return generation < this.discardedBelow || this.dead.concerns(generation, provenAt);
	}

	/**
	 * Return whether a connection is older than an incident and has not been heard from
	 * since.
	 * @param generation the generation of the connection
	 * @param provenAt when the server last answered on it
	 * @return whether it must answer before it is lent
	 */
	boolean isSuspect(long generation, long provenAt) {
		return this.suspect.concerns(generation, provenAt);
	}

	/**
	 * A connection turned out to be dead.
	 * @param generation its generation
	 * @param provenAt when the server last answered on it
	 * @param scope what its failure says of others
	 * @param now the time
	 * @return what that changes
	 */
	synchronized Effect disconnected(long generation, long provenAt, Scope scope, long now) {
		if (scope.compareTo(Scope.SUSPECT) < 0 || isDead(generation, provenAt)) {
			return Effect.NONE;
		}
		boolean suspected = isSuspect(generation, provenAt);
		if (suspected) {
			// the second death among those that were suspected
			this.dead = this.suspect;
			return Effect.CONFIRMED;
		}
		Mark mark = new Mark(++this.current, now);
		this.suspect = mark;
		if (scope == Scope.POOL) {
			this.dead = mark;
			return Effect.DISCARDED;
		}
		return Effect.SUSPECTED;
	}

	/**
	 * Discard all connections so far, even those on which the server has just answered.
	 */
	synchronized void discardAll() {
		this.discardedBelow = ++this.current;
	}

	/**
	 * What a failure changes for older connections.
	 */
	enum Effect {

		/**
		 * Nothing: it concerned only the connection itself, or is known already.
		 */
		NONE,

		/**
		 * They must answer before they are lent.
		 */
		SUSPECTED,

		/**
		 * They were suspected before, and are not lent any more now.
		 */
		CONFIRMED,

		/**
		 * They are not lent any more.
		 */
		DISCARDED

	}

	/**
	 * Connections of a generation below that have not answered since.
	 */
	private record Mark(long below, long since) {

		private static final Mark NONE = new Mark(Long.MIN_VALUE, 0);

		boolean concerns(long generation, long provenAt) {
			return generation < this.below && provenAt - this.since <= 0;
		}

	}

}
