package io.github.resilientdb.test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import io.github.resilientdb.test.proxy.FaultProxy;
import io.github.resilientdb.test.proxy.Statements;

/**
 * Single faults for ordinary tests, on all data sources. What a test breaks is mended
 * when it ends; a fault that was placed at a statement and did not fire fails the test.
 * <pre class="code">
 * &#064;Test
 * void transfersOnceIfTheReplyOfCommitIsLost(Disconnects disconnects) {
 *     disconnects.loseNextCommitReply();
 *     bank.transfer(...);
 * }
 * </pre>
 */
public final class Disconnects {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final DisconnectProbe probe;

	private final Function<String, Matrix> report;

	/**
	 * Create single faults.
	 * @param probe what stands around the application
	 * @param report begins a scenario in the report
	 */
	Disconnects(DisconnectProbe probe, Function<String, Matrix> report) {
		this.probe = probe;
		this.report = report;
	}

	/**
	 * Return a new scenario, for factory methods that have several.
	 * @param name its name in the report, to which that of the invocation is added if the
	 * test has several
	 * @return the scenario
	 */
	public DisconnectScenario scenario(String name) {
		return new DisconnectScenario(this.probe, () -> this.report.apply(name));
	}

	/**
	 * Let the server end all sessions of the application's databases, as a restart does
	 * (57P01), and wait until they have ended and the application's connections show it.
	 * @return how many there were
	 */
	public int endSessions() {
		List<BooleanSupplier> ends = this.probe.proxies().map(FaultProxy::endOfConnections).toList();
		int ended = 0;
		for (Source source : this.probe.sources()) {
			try {
				ended += source.endSessions();
			}
			catch (SQLException ex) {
				throw new IllegalStateException("Cannot end the sessions of " + source.name(), ex);
			}
		}
		awaitAll(ends);
		return ended;
	}

	private static void awaitAll(List<BooleanSupplier> ends) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!ends.stream().allMatch(BooleanSupplier::getAsBoolean)) {
			if (System.nanoTime() > deadline) {
				throw new IllegalStateException("The sessions were ended, but their connections are open after "
						+ PATIENCE.toSeconds() + " s: are they to another database or of another user?");
			}
			LockSupport.parkNanos(1_000_000);
		}
	}

	/**
	 * Deliver nothing more on the connections that exist; they stay open.
	 */
	public void silence() {
		this.probe.proxies().forEach(FaultProxy::blackHole);
	}

	/**
	 * Reset all connections (RST), as a firewall does.
	 */
	public void reset() {
		this.probe.proxies().forEach(FaultProxy::reset);
	}

	/**
	 * Delay everything from now on.
	 * @param oneWay how long in each direction: half a round trip
	 */
	public void latency(Duration oneWay) {
		this.probe.proxies().forEach((proxy) -> proxy.latency(oneWay));
	}

	/**
	 * Refuse new connections until {@link #accept()}; those that exist go on.
	 */
	public void refuse() {
		this.probe.proxies().forEach(FaultProxy::refuse);
	}

	/**
	 * Accept new connections again.
	 */
	public void accept() {
		this.probe.proxies().forEach(FaultProxy::accept);
	}

	/**
	 * Lose the reply of the next COMMIT, which the server executes.
	 */
	public void loseNextCommitReply() {
		this.probe.placed().place("reply of COMMIT lost", FaultKind.REPLY_LOST.fault(), Statements.commit());
	}

	/**
	 * Do something at the next statement with a text in its SQL.
	 * @param kind what to do
	 * @param text a part of the SQL, upper or lower case
	 * @throws IllegalArgumentException if the text is blank, and stands in any SQL
	 */
	public void at(FaultKind kind, String text) {
		if (text.isBlank()) {
			throw new IllegalArgumentException(
					"Invalid text ('" + text + "'): must be a part of the SQL, such as 'insert into orders'");
		}
		String part = text.toLowerCase(Locale.ROOT);
		this.probe.placed()
			.place(kind + " at '" + text + "'", kind.fault(), (sql) -> sql.toLowerCase(Locale.ROOT).contains(part));
	}

	/**
	 * Mend everything at once.
	 */
	public void mend() {
		this.probe.mend();
	}

}
