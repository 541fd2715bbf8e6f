package io.github.resilientdb.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

	@Override
	public void disconnected(String pool, String reason, Phase phase, @Nullable String sqlState) {
		Disconnect disconnect = new Disconnect(this.clock.instant(), pool, reason, phase, sqlState);
		synchronized (this.disconnects) {
			if (this.disconnects.size() == MAX_DISCONNECTS) {
				this.disconnects.removeLast();
			}
			this.disconnects.addFirst(disconnect);
		}
	}

	@Override
	public void outageBegan(String pool, String reason) {
		this.outages.put(pool, new CurrentOutage(this.clock.instant(), reason));
	}

	@Override
	public void outageEnded(String pool, Duration length) {
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
	 * @param phase what it was needed for
	 * @param sqlState the SQLSTATE of the failure, {@code null} if it had none
	 */
	public record Disconnect(Instant time, String pool, String reason, Phase phase, @Nullable String sqlState) {

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
