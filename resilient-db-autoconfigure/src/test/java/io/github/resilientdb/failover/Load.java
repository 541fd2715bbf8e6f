package io.github.resilientdb.failover;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.jspecify.annotations.Nullable;

/**
 * Clients that write all the time, and what became of that.
 */
final class Load implements AutoCloseable {

	private static final long PAUSE_MILLIS = 5;

	private static final long JOIN_MILLIS = TimeUnit.SECONDS.toMillis(90);

	private final Function<UUID, String> call;

	private final List<Thread> clients = new ArrayList<>();

	private final Map<UUID, Boolean> returned = new ConcurrentHashMap<>();

	private final Map<UUID, Boolean> unknown = new ConcurrentHashMap<>();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final Map<String, Long> firstBy = new ConcurrentHashMap<>();

	private final Map<String, Map<Thread, Long>> firstOfEach = new ConcurrentHashMap<>();

	private final AtomicLong longest = new AtomicLong();

	private volatile @Nullable Long since;

	private volatile @Nullable Long firstSince;

	private volatile boolean stopped;

	Load(String name, int clients, Function<UUID, String> call) {
		this.call = call;
		for (int i = 0; i < clients; i++) {
			Thread client = new Thread(this::run, name + "-" + i);
			client.setDaemon(true);
			this.clients.add(client);
			client.start();
		}
	}

	private void run() {
		while (!this.stopped) {
			UUID id = UUID.randomUUID();
			long start = System.nanoTime();
			try {
				String server = this.call.apply(id);
				long now = System.nanoTime();
				this.returned.put(id, true);
				this.firstBy.putIfAbsent(server, now);
				this.firstOfEach.computeIfAbsent(server, (key) -> new ConcurrentHashMap<>())
					.putIfAbsent(Thread.currentThread(), now);
				noteFirst(now);
				this.longest.accumulateAndGet(now - start, Math::max);
				Thread.sleep(PAUSE_MILLIS);
			}
			catch (TransactionOutcomeUnknownException ex) {
				this.unknown.put(id, true);
			}
			catch (InterruptedException ex) {
				return;
			}
			catch (RuntimeException ex) {
				this.failures.add(ex);
			}
		}
	}

	private synchronized void noteFirst(long now) {
		if (this.since != null && this.firstSince == null) {
			this.firstSince = now;
		}
	}

	/**
	 * Attend to the first call that returns from now on.
	 */
	synchronized long attend() {
		long now = System.nanoTime();
		this.since = now;
		this.firstSince = null;
		return now;
	}

	/**
	 * Return when the first call returned since then.
	 * @return the time, {@code null} if none has
	 */
	@Nullable Long firstSince() {
		return this.firstSince;
	}

	void stop() {
		this.stopped = true;
	}

	@Override
	public void close() {
		stop();
		for (Thread client : this.clients) {
			try {
				client.join(JOIN_MILLIS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	long hanging() {
		return this.clients.stream().filter(Thread::isAlive).count();
	}

	/**
	 * Return when the first call returned that a server has done.
	 * @return the time, {@code null} if none has
	 */
	@Nullable Long firstBy(String server) {
		return this.firstBy.get(server);
	}

	/**
	 * Return when the last client had its first success with a server.
	 * @return the time, {@code null} if some have had none
	 */
	@Nullable Long allBy(String server) {
		Map<Thread, Long> first = this.firstOfEach.getOrDefault(server, Map.of());
		return (first.size() == this.clients.size()) ? first.values().stream().max(Long::compare).orElseThrow() : null;
	}

	long longestMillis() {
		return TimeUnit.NANOSECONDS.toMillis(this.longest.get());
	}

	Queue<Throwable> failures() {
		return this.failures;
	}

	/**
	 * Compare with the rows that are there.
	 * @param rows their ids
	 * @return what is wrong with them
	 */
	Result compare(List<UUID> rows) {
		Map<UUID, Integer> counts = new ConcurrentHashMap<>();
		rows.forEach((id) -> counts.merge(id, 1, Integer::sum));
		long lost = this.returned.keySet().stream().filter((id) -> !counts.containsKey(id)).count();
		long duplicated = counts.values().stream().filter((count) -> count > 1).count();
		return new Result(this.returned.size(), this.failures.size(), this.unknown.size(), lost, duplicated);
	}

	record Result(int returned, int failed, int unknown, long lost, long duplicated) {

		boolean isClean() {
			return this.failed == 0 && this.unknown == 0 && this.lost == 0 && this.duplicated == 0;
		}

	}

}
