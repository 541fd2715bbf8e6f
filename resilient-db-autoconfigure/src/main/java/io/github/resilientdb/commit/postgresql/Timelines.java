package io.github.resilientdb.commit.postgresql;

import org.jspecify.annotations.Nullable;

/**
 * The highest timeline that a connection has shown so far: each promotion begins a new
 * one, and what an older primary still does is not part of the surviving history.
 */
final class Timelines {

	private volatile @Nullable Highest highest;

	static boolean isHigher(@Nullable String one, @Nullable String other) {
		return one != null && other != null && one.compareTo(other) > 0;
	}

	/**
	 * A connection has shown a server.
	 * @return whether its timeline is higher than those before; {@code false} for the
	 * first
	 */
	synchronized boolean shown(ContinuityToken token) {
		String cluster = token.systemIdentifier();
		String timeline = token.timeline();
		if (cluster == null || timeline == null) {
			return false;
		}
		Highest known = this.highest;
		if (known == null || !known.cluster.equals(cluster)) {
			this.highest = new Highest(cluster, timeline);
			return false;
		}
		if (!isHigher(timeline, known.timeline)) {
			return false;
		}
		this.highest = new Highest(cluster, timeline);
		return true;
	}

	/**
	 * Return whether a primary with a higher timeline is known.
	 */
	boolean isSuperseded(ContinuityToken token) {
		Highest known = this.highest;
		return known != null && known.cluster.equals(token.systemIdentifier())
				&& isHigher(known.timeline, token.timeline());
	}

	/**
	 * Forget what was seen: an operator may have gone back in time.
	 */
	void forget() {
		this.highest = null;
	}

	private record Highest(String cluster, String timeline) {

	}

}
