package io.github.resilientdb.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;

/**
 * What stands around an application that is tested: proxies before its data sources, and
 * a listener to its events.
 */
final class DisconnectProbe implements AutoCloseable {

	private final RoundTrips roundTrips = new RoundTrips();

	private final List<Placed> placed = new CopyOnWriteArrayList<>();

	private final AtomicBoolean begun = new AtomicBoolean();

	private final Recorder recorder = new Recorder();

	private final List<Source> sources = new CopyOnWriteArrayList<>();

	private final Map<String, String> leftAlone = new ConcurrentHashMap<>();

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "disconnect-test-timer");
		thread.setDaemon(true);
		return thread;
	});

	void add(Source source) {
		source.proxy().observe((statements) -> this.roundTrips.observe(source.name(), statements));
		this.sources.add(source);
	}

	void leaveAlone(String dataSource, String reason) {
		this.leftAlone.put(dataSource, reason);
	}

	/**
	 * Return the data sources that have no proxy, and why.
	 */
	Map<String, String> leftAlone() {
		return this.leftAlone;
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
	 * Place a fault at the next such statement, whichever data source it comes to.
	 * @param description what it is, for the report
	 * @param fault the fault
	 * @param statement which statement
	 */
	void place(String description, Fault fault, Predicate<String> statement) {
		this.placed.add(new Placed(description,
				this.sources.stream().map((source) -> source.proxy().arm(fault, statement, 1)).toList()));
	}

	/**
	 * Make all networks work again.
	 * @throws AssertionError if a fault was placed and fired nowhere
	 */
	void mend() {
		List<String> missed = this.placed.stream()
			.filter((placed) -> placed.faults().stream().noneMatch(ArmedFault::isFired))
			.map(Placed::description)
			.toList();
		this.placed.clear();
		for (Source source : this.sources) {
			source.proxy().latency(Duration.ZERO);
			source.proxy().heal();
		}
		if (!missed.isEmpty()) {
			throw new AssertionError("A fault was placed at a statement that never came: " + String.join(", ", missed));
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

	/**
	 * A fault that was placed, on each data source.
	 *
	 * @param description what it is
	 * @param faults the fault on each data source
	 */
	private record Placed(String description, List<ArmedFault> faults) {

		Placed {
			faults = List.copyOf(faults);
		}

	}

}
