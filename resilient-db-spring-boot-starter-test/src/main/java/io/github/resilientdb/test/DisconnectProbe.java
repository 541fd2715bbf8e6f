package io.github.resilientdb.test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What stands around an application that is tested: proxies before its data sources, and
 * a listener to its events.
 */
final class DisconnectProbe implements AutoCloseable {

	private final RoundTrips roundTrips = new RoundTrips();

	private final AtomicBoolean begun = new AtomicBoolean();

	private final Recorder recorder = new Recorder();

	private final List<Source> sources = new CopyOnWriteArrayList<>();

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "disconnect-test-timer");
		thread.setDaemon(true);
		return thread;
	});

	void add(Source source) {
		source.proxy().observe((statements) -> this.roundTrips.observe(source.name(), statements));
		this.sources.add(source);
	}

	RoundTrips roundTrips() {
		return this.roundTrips;
	}

	Recorder recorder() {
		return this.recorder;
	}

	List<Source> sources() {
		return this.sources;
	}

	/**
	 * Return whether this is the first use.
	 */
	boolean begin() {
		return this.begun.compareAndSet(false, true);
	}

	/**
	 * Make all networks work again.
	 * @throws AssertionError if a fault was armed and fired nowhere
	 */
	void mend() {
		int armed = this.sources.stream().mapToInt((source) -> source.proxy().faultsArmed()).sum();
		int fired = this.sources.stream().mapToInt((source) -> source.proxy().faultsFired()).sum();
		for (Source source : this.sources) {
			source.proxy().latency(Duration.ZERO);
			source.proxy().heal();
		}
		if (armed > 0 && fired == 0) {
			throw new AssertionError("A fault was placed at a statement that never came");
		}
	}

	ScheduledExecutorService timer() {
		return this.timer;
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.sources.forEach(Source::close);
	}

}
