package io.github.resilientdb.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.resilientdb.ConnectionPoolListener;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what an operator asks first: whether the database is away, and what was lost
 * last.
 */
public final class PoolJournal implements ConnectionPoolListener {

	private static final int MAX_DISCONNECTS = 20;

	private final Clock clock;

	private final Deque<Disconnect> disconnects = new ArrayDeque<>();

	private final Map<String, CurrentOutage> outages = new ConcurrentHashMap<>();

	/**
	 * Create a journal.
	 * @param clock what the time is
	 */
	public PoolJournal(Clock clock) {
		this.clock = clock;
	}

	/**
	 * While the database is away, each attempt to connect fails for the same reason:
	 * those are one entry, lest they push out what came before.
	 */
	@Override
	public void disconnected(String pool, String reason, Phase phase, @Nullable String sqlState) {
		Disconnect disconnect = new Disconnect(this.clock.instant(), pool, reason, tag(phase), sqlState, 1);
		synchronized (this.disconnects) {
			Disconnect earlier = (phase == Phase.CONNECT) ? find(disconnect) : null;
			if (earlier != null) {
				this.disconnects.remove(earlier);
				disconnect = disconnect.times(earlier.count() + 1);
			}
			if (this.disconnects.size() == MAX_DISCONNECTS) {
				this.disconnects.removeLast();
			}
			this.disconnects.addFirst(disconnect);
		}
	}

	private @Nullable Disconnect find(Disconnect disconnect) {
		return this.disconnects.stream().filter(disconnect::isAlike).findFirst().orElse(null);
	}

	// As in meters
	private static String tag(Phase phase) {
		return phase.name().toLowerCase(Locale.ROOT);
	}

	@Override
	public void outageBegan(String pool, String reason) {
		this.outages.put(pool, new CurrentOutage(this.clock.instant(), reason));
	}

	@Override
	public void outageEnded(String pool, Duration length) {
		outageAbandoned(pool);
	}

	@Override
	public void outageAbandoned(String pool) {
		this.outages.remove(pool);
	}

	/**
	 * Return the last disconnects of all pools.
	 * @return at most 20, the latest first
	 */
	public List<Disconnect> disconnects() {
		synchronized (this.disconnects) {
			return new ArrayList<>(this.disconnects);
		}
	}

	/**
	 * Return the outage that a pool is in.
	 * @param pool the name of the pool
	 * @return the outage, {@code null} if there is none
	 */
	public @Nullable CurrentOutage outage(String pool) {
		return this.outages.get(pool);
	}

	/**
	 * A connection that was lost, or could not be had.
	 *
	 * @param time when
	 * @param pool the name of the pool
	 * @param reason why
	 * @param phase what it was needed for, as in meters
	 * @param sqlState the SQLSTATE of the failure, {@code null} if it had none
	 * @param count how often, if it was an attempt to connect
	 */
	public record Disconnect(Instant time, String pool, String reason, String phase, @Nullable String sqlState,
			int count) {

		private boolean isAlike(Disconnect other) {
			return this.pool.equals(other.pool) && this.reason.equals(other.reason) && this.phase.equals(other.phase);
		}

		private Disconnect times(int times) {
			return new Disconnect(this.time, this.pool, this.reason, this.phase, this.sqlState, times);
		}

	}

	/**
	 * An outage that is going on.
	 *
	 * @param since when it began
	 * @param reason what failed first
	 */
	public record CurrentOutage(Instant since, String reason) {

	}

}
