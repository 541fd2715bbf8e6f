package io.github.resilientdb.commit.postgresql;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Which servers the connections of a pool have led to lately: a late answer from one of
 * them, after another was reached, may be that of a former primary.
 */
final class SeenServers {

	private static final int MOST = 16;

	// when each was reached last, by the start of its postmaster
	private final Map<String, Long> reached = new ConcurrentHashMap<>();

	/**
	 * A connection was opened.
	 * @param now the time
	 */
	void reached(ContinuityToken token, long now) {
		String server = token.postmasterStart();
		if (server == null) {
			return;
		}
		if (this.reached.size() >= MOST && !this.reached.containsKey(server)) {
			this.reached.clear(); // of restarts long ago
		}
		this.reached.put(server, now);
	}

	/**
	 * Return whether a connection has reached another server.
	 * @param since since when, as a value of {@link System#nanoTime()}
	 * @param token the server that it must differ from
	 */
	boolean anotherSince(long since, ContinuityToken token) {
		String server = token.postmasterStart();
		return server != null && this.reached.entrySet()
			.stream()
			.anyMatch((entry) -> !entry.getKey().equals(server) && isAfter(entry.getValue(), since));
	}

	private static boolean isAfter(@Nullable Long time, long since) {
		return time != null && time - since > 0;
	}

}
