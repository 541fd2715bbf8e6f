package io.github.resilientdb.integration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Eight clients that write, each time with an id of its own, until they are told to stop
 * or a call fails otherwise than by an unknown outcome.
 */
final class StormLoad implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Set<UUID> returned = ConcurrentHashMap.newKeySet();

	private final Set<UUID> unknown = ConcurrentHashMap.newKeySet();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final List<Thread> clients = new ArrayList<>();

	private final Consumer<UUID> call;

	private final Duration pollInterval;

	private volatile boolean stopped;

	/**
	 * Start the clients.
	 * @param call what they do
	 * @param pollInterval how often to look for their progress
	 */
	StormLoad(Consumer<UUID> call, Duration pollInterval) {
		this.call = call;
		this.pollInterval = pollInterval;
		for (int i = 0; i < 8; i++) {
			Thread client = new Thread(this::run, "client-" + i);
			client.setDaemon(true);
			this.clients.add(client);
			client.start();
		}
	}

	private void run() {
		while (!this.stopped && this.failures.isEmpty()) {
			UUID id = UUID.randomUUID();
			try {
				this.call.accept(id);
				this.returned.add(id);
			}
			catch (TransactionOutcomeUnknownException ex) {
				this.unknown.add(id);
			}
			catch (RuntimeException ex) {
				this.failures.add(ex);
			}
		}
	}

	/**
	 * Wait until some more calls have returned.
	 * @param calls how many
	 */
	void awaitProgress(int calls) {
		int goal = this.returned.size() + calls;
		Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(this.pollInterval)
			.until(() -> this.returned.size() >= goal || !this.failures.isEmpty());
	}

	/**
	 * Stop the clients, once all is well again.
	 */
	void finish() {
		awaitProgress(50);
		close();
	}

	/**
	 * Verify that no call failed, that each that returned was applied once, and of those
	 * whose outcome nobody knew, some.
	 * @param rows the ids that were written
	 */
	void verify(List<UUID> rows) {
		assertThat(this.failures).isEmpty();
		assertThat(rows).doesNotHaveDuplicates().containsAll(this.returned);
		assertThat(rows.stream().filter((id) -> !this.returned.contains(id))).allMatch(this.unknown::contains);
	}

	int returned() {
		return this.returned.size();
	}

	int unknown() {
		return this.unknown.size();
	}

	@Override
	public void close() {
		this.stopped = true;
		for (Thread client : this.clients) {
			try {
				client.join(PATIENCE.toMillis());
				assertThat(client.isAlive()).isFalse();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		}
	}

}
