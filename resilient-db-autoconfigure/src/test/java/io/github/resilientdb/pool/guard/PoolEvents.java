package io.github.resilientdb.pool.guard;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.resilientdb.ConnectionPoolListener;
import org.jspecify.annotations.Nullable;

/**
 * What the listener of a pool was told, a line each.
 */
public class PoolEvents implements ConnectionPoolListener {

	private final List<String> events = new CopyOnWriteArrayList<>();

	public final List<String> list() {
		return this.events;
	}

	public final long count(String event) {
		return this.events.stream().filter((candidate) -> candidate.startsWith(event)).count();
	}

	@Override
	public void connectionOpened(String pool) {
		this.events.add("opened");
	}

	@Override
	public void connectionDiscarded(String pool, String reason) {
		this.events.add("discarded " + reason);
	}

	@Override
	public void disconnected(String pool, String reason, Phase phase, @Nullable String sqlState) {
		this.events.add("disconnected " + phase + " " + reason + " " + sqlState);
	}

	@Override
	public void invalidated(String pool, String reason, int connections) {
		this.events.add("invalidated " + reason + " " + connections);
	}

	@Override
	public void pinged(String pool, boolean alive, Duration took) {
		this.events.add("pinged " + alive);
	}

	@Override
	public void commitVerified(String pool, String outcome, Duration took) {
		this.events.add("verified " + outcome);
	}

	@Override
	public void outageBegan(String pool, String reason) {
		this.events.add("outage-began " + reason);
	}

	@Override
	public void outageEnded(String pool, Duration length) {
		this.events.add("outage-ended");
	}

}
