package io.github.resilientdb.commit.postgresql;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What identifies an uninterrupted run of a server: PostgreSQL hands a transaction id out
 * again if a crash or a failover lost the first transaction's log, so that a status read
 * afterwards may be another transaction's. Components that may not be read are
 * {@code null}.
 *
 * @param systemIdentifier identifies the database cluster, its standbys included
 * @param timeline changes with each promotion
 * @param statisticsReset when the background writer's statistics began: a crash discards
 * them, a clean restart does not (an administrator may, too)
 * @param postmasterStart when the server was started; a crash of a single process does
 * not change it
 */
record ContinuityToken(@Nullable String systemIdentifier, @Nullable String timeline, @Nullable String statisticsReset,
		@Nullable String postmasterStart) {

	static final ContinuityToken EMPTY = new ContinuityToken(null, null, null, null);

	/**
	 * Compare what was known before the COMMIT with what is known now.
	 */
	Continuity with(ContinuityToken now) {
		boolean samePostmaster = same(this.postmasterStart, now.postmasterStart);
		if (differ(this.systemIdentifier, now.systemIdentifier)
				|| (!same(this.systemIdentifier, now.systemIdentifier) && !samePostmaster)) {
			return Continuity.OTHER_CLUSTER;
		}
		if (same(this.statisticsReset, now.statisticsReset) && (same(this.timeline, now.timeline) || samePostmaster)) {
			return Continuity.SAME;
		}
		if (differ(this.timeline, now.timeline) || differ(this.postmasterStart, now.postmasterStart)) {
			return Continuity.RESTARTED;
		}
		return Continuity.UNPROVEN;
	}

	/**
	 * Return whether a commit can ever be proven with this token.
	 */
	boolean isConclusive() {
		return with(this) == Continuity.SAME;
	}

	private static boolean same(@Nullable String before, @Nullable String now) {
		return before != null && before.equals(now);
	}

	private static boolean differ(@Nullable String before, @Nullable String now) {
		return before != null && now != null && !before.equals(now);
	}

	@Override
	public String toString() {
		return "%s/%s/%s/%s".formatted(shown(this.systemIdentifier), shown(this.timeline), shown(this.statisticsReset),
				shown(this.postmasterStart));
	}

	private static String shown(@Nullable String component) {
		return Objects.requireNonNullElse(component, "?");
	}

	/**
	 * What is known about the server between two looks at it.
	 */
	enum Continuity {

		/**
		 * Neither crashed nor failed over: no transaction id was handed out twice.
		 */
		SAME,

		/**
		 * Certainly restarted or failed over: no earlier server process is alive, and
		 * transaction ids may have been handed out twice.
		 */
		RESTARTED,

		/**
		 * Either of the two.
		 */
		UNPROVEN,

		/**
		 * Not known to be the same database cluster.
		 */
		OTHER_CLUSTER

	}

}
