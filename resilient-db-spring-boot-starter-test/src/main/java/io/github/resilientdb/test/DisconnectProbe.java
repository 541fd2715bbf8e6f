package io.github.resilientdb.test;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.FaultProxy;
import org.jspecify.annotations.Nullable;

/**
 * What stands around an application that is tested: proxies before its data sources, and
 * a listener to its events.
 */
final class DisconnectProbe implements AutoCloseable {

	private final RoundTrips roundTrips = new RoundTrips();

	private final PlacedFaults placed = new PlacedFaults();

	private final AtomicBoolean begun = new AtomicBoolean();

	private final Recorder recorder = new Recorder();

	private final LentConnections lent = new LentConnections(Duration.ofSeconds(5));

	private final List<Source> sources = new CopyOnWriteArrayList<>();

	/**
	 * Without a proxy, and without faults therefore; the rows can be read.
	 */
	private final List<Source> withoutProxies = new CopyOnWriteArrayList<>();

	private final Map<String, String> leftAlone = new ConcurrentSkipListMap<>();

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "disconnect-test-timer");
		thread.setDaemon(true);
		return thread;
	});

	void add(Source source) {
		source.proxies().forEach((proxy) -> proxy.observe((statements) -> observe(source, statements)));
		this.sources.add(source);
	}

	private @Nullable ArmedFault observe(Source source, List<String> statements) {
		ArmedFault fault = this.roundTrips.observe(source.name(), statements);
		return (fault != null) ? fault : this.placed.observe(statements);
	}

	void leaveAlone(String dataSource, String reason) {
		this.leftAlone.put(dataSource, reason);
	}

	/**
	 * Compare the rows of a data source that has no proxy, if they can be read.
	 */
	void compareRows(Source source) {
		this.withoutProxies.add(source);
	}

	/**
	 * Find out which rows can be read of data sources without a proxy. What a rerun does
	 * there twice is seen, though no fault strikes them.
	 */
	void findRows() {
		this.withoutProxies.removeIf((source) -> {
			try {
				source.reader().read(source.reader().schema(), Instant.now());
				return false;
			}
			catch (SQLException | IllegalStateException ex) {
				source.close();
				return true;
			}
		});
	}

	/**
	 * Return all whose rows are compared: no database twice.
	 */
	List<Source> databases() {
		List<Source> all = new ArrayList<>(this.sources);
		for (Source source : this.withoutProxies) {
			if (all.stream().noneMatch(source::isSameDatabase)) {
				all.add(source);
			}
		}
		return all;
	}

	/**
	 * Refuse to break what no proxy stands before.
	 */
	void requireSource() {
		if (this.sources.isEmpty()) {
			throw new IllegalStateException("No connection can be broken" + reasons());
		}
	}

	/**
	 * Return why data sources have no proxy, in lines of their own.
	 */
	String reasons() {
		if (this.sources.isEmpty() && this.leftAlone.isEmpty()) {
			return "\nThe test's context has no data source: write @SpringBootTest, or a slice that has one, beside "
					+ "@DisconnectTest";
		}
		StringBuilder reasons = new StringBuilder();
		this.leftAlone.forEach(
				(name, reason) -> reasons.append("\nNo proxy before data source '%s': %s".formatted(name, reason)));
		return reasons.toString();
	}

	/**
	 * Return which data sources have no proxy. Unless rows can be compared, a method may
	 * do there what it likes.
	 */
	List<String> notLookedAt() {
		return this.leftAlone.entrySet()
			.stream()
			.map((source) -> "%s: data source '%s' (%s)".formatted(looksAt(source.getKey()), source.getKey(),
					source.getValue()))
			.toList();
	}

	private String looksAt(String dataSource) {
		boolean read = this.withoutProxies.stream().anyMatch((source) -> source.name().equals(dataSource));
		return read ? "No faults, only rows are compared" : "Not looked at";
	}

	RoundTrips roundTrips() {
		return this.roundTrips;
	}

	Recorder recorder() {
		return this.recorder;
	}

	LentConnections lent() {
		return this.lent;
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
	 * Return the proxies before all servers of all data sources.
	 */
	Stream<FaultProxy> proxies() {
		return this.sources.stream().flatMap((source) -> source.proxies().stream());
	}

	PlacedFaults placed() {
		return this.placed;
	}

	/**
	 * Make all networks work again.
	 * @throws AssertionError if a fault was placed and fired nowhere
	 */
	void mend() {
		List<String> missed = this.placed.clear();
		proxies().forEach((proxy) -> {
			proxy.latency(Duration.ZERO);
			proxy.heal();
		});
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
		this.withoutProxies.forEach(Source::close);
	}

}
