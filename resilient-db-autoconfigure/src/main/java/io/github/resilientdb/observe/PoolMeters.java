package io.github.resilientdb.observe;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.resilientdb.ConnectionPoolListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the pools, with the tag {@code pool} of HikariCP's own. They exist from the
 * moment on that the pool has a name, as HikariCP's do.
 */
public final class PoolMeters extends DeferredMeters implements ConnectionPoolListener {

	private static final String[] VERIFICATIONS = { "committed", "not_committed", "unknown" };

	private static final String USUAL_REASON = "connection-failure";

	private final Map<String, OfPool> pools = new ConcurrentHashMap<>();

	// those that go on, by pool; without a sample as long as there is no registry
	private final Map<String, Optional<LongTaskTimer.Sample>> outages = new HashMap<>();

	private final BoundedReasons reasons = new BoundedReasons();

	/**
	 * Register the meters of a pool, all zero.
	 * @param pool the name of the pool
	 */
	public void poolKnown(String pool) {
		record((registry) -> of(pool, registry));
	}

	@Override
	void bound() {
		this.pools.clear();
		synchronized (this.outages) {
			this.outages.replaceAll((pool, sample) -> {
				sample.ifPresent(LongTaskTimer.Sample::stop);
				return started(pool);
			});
		}
	}

	private Optional<LongTaskTimer.Sample> started(String pool) {
		return Optional.ofNullable(registry()).map((registry) -> activeOutages(registry, pool).start());
	}

	private OfPool of(String pool, MeterRegistry registry) {
		OfPool known = this.pools.get(pool);
		return (known != null) ? known : this.pools.computeIfAbsent(pool, (name) -> register(name, registry));
	}

	private OfPool register(String pool, MeterRegistry registry) {
		for (Phase phase : Phase.values()) {
			disconnects(registry, pool, USUAL_REASON, phase);
		}
		for (String outcome : VERIFICATIONS) {
			verifications(registry, pool, outcome);
		}
		invalidated(registry, pool, USUAL_REASON);
		outages(registry, pool);
		activeOutages(registry, pool);
		return new OfPool(pings(registry, pool, "alive"), pings(registry, pool, "dead"));
	}

	@Override
	public void connectionOpened(String pool) {
		if (!this.pools.containsKey(pool)) {
			poolKnown(pool);
		}
	}

	@Override
	public void pinged(String pool, boolean alive, Duration took) {
		MeterRegistry registry = registry();
		if (registry != null) {
			of(pool, registry).ping(alive).record(took);
		}
		else {
			record((later) -> of(pool, later).ping(alive).record(took));
		}
	}

	@Override
	public void disconnected(String pool, String reason, Phase phase, @Nullable String sqlState) {
		String limited = this.reasons.limit(reason);
		record((registry) -> {
			of(pool, registry);
			disconnects(registry, pool, limited, phase).increment();
		});
	}

	@Override
	public void invalidated(String pool, String reason, int connections) {
		String limited = this.reasons.limit(reason);
		record((registry) -> {
			of(pool, registry);
			invalidated(registry, pool, limited).increment(connections);
		});
	}

	@Override
	public void commitVerified(String pool, String outcome, Duration took) {
		record((registry) -> {
			of(pool, registry);
			verifications(registry, pool, outcome).record(took);
		});
	}

	@Override
	public void outageBegan(String pool, String reason) {
		synchronized (this.outages) {
			this.outages.computeIfAbsent(pool, this::started);
		}
	}

	@Override
	public void outageEnded(String pool, Duration length) {
		outageAbandoned(pool);
		record((registry) -> {
			of(pool, registry);
			outages(registry, pool).record(length);
		});
	}

	@Override
	public void outageAbandoned(String pool) {
		synchronized (this.outages) {
			Optional<LongTaskTimer.Sample> active = this.outages.remove(pool);
			if (active != null) {
				active.ifPresent(LongTaskTimer.Sample::stop);
			}
		}
	}

	private static Counter disconnects(MeterRegistry registry, String pool, String reason, Phase phase) {
		return Counter.builder("resilientdb.disconnects")
			.description("Connections that were lost or could not be had")
			.tag("pool", pool)
			.tag("reason", reason)
			.tag("phase", phase.name().toLowerCase(Locale.ROOT))
			.register(registry);
	}

	private static Counter invalidated(MeterRegistry registry, String pool, String reason) {
		return Counter.builder("resilientdb.pool.invalidated")
			.description("Connections that an incident made discarded or doubtful")
			.tag("pool", pool)
			.tag("reason", reason)
			.register(registry);
	}

	private static Timer pings(MeterRegistry registry, String pool, String outcome) {
		return Timer.builder("resilientdb.pool.ping")
			.description("Round trips that asked a connection for a sign of life")
			.tag("pool", pool)
			.tag("outcome", outcome)
			.register(registry);
	}

	private static Timer verifications(MeterRegistry registry, String pool, String outcome) {
		return Timer.builder("resilientdb.commit.verifications")
			.description("Searches for the outcome of a lost COMMIT")
			.tag("pool", pool)
			.tag("outcome", outcome)
			.register(registry);
	}

	private static Timer outages(MeterRegistry registry, String pool) {
		return Timer.builder("resilientdb.outage")
			.description("From the first connection that could not be opened to the first answer")
			.tag("pool", pool)
			.register(registry);
	}

	private static LongTaskTimer activeOutages(MeterRegistry registry, String pool) {
		return LongTaskTimer.builder("resilientdb.outage.active")
			.description("Outage that is going on")
			.tag("pool", pool)
			.register(registry);
	}

	private record OfPool(Timer alive, Timer dead) {

		Timer ping(boolean alive) {
			return alive ? this.alive : this.dead;
		}

	}

	/**
	 * Keeps the values of a tag few, whatever classifiers and operators come up with.
	 */
	private static final class BoundedReasons {

		static final String OTHER = "other";

		private static final int MAX_REASONS = 64;

		private final Set<String> reasons = ConcurrentHashMap.newKeySet();

		String limit(String reason) {
			if (this.reasons.size() < MAX_REASONS) {
				this.reasons.add(reason);
			}
			return this.reasons.contains(reason) ? reason : OTHER;
		}

	}

}
