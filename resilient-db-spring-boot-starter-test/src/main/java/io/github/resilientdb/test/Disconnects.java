package io.github.resilientdb.test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

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

	private final DisconnectProbe probe;

	private final Reports reports;

	Disconnects(DisconnectProbe probe, Reports reports) {
		this.probe = probe;
		this.reports = reports;
	}

	/**
	 * Return a new scenario, for factory methods that have several.
	 * @param name its name in the report
	 * @return the scenario
	 */
	public DisconnectScenario scenario(String name) {
		return new DisconnectScenario(this.probe, (finding, accepted) -> this.reports.add(name, finding, accepted));
	}

	/**
	 * Let the server end all sessions of the application's databases, as a restart does
	 * (57P01), and wait until they have ended.
	 * @return how many there were
	 */
	public int endSessions() {
		int ended = 0;
		for (Source source : this.probe.sources()) {
			try {
				ended += source.reader().endSessions();
			}
			catch (SQLException ex) {
				throw new IllegalStateException("Cannot end the sessions of " + source.name(), ex);
			}
		}
		return ended;
	}

	/**
	 * Deliver nothing more on the connections that exist; they stay open.
	 */
	public void silence() {
		this.probe.sources().forEach((source) -> source.proxy().blackHole());
	}

	/**
	 * Reset all connections (RST), as a firewall does.
	 */
	public void reset() {
		this.probe.sources().forEach((source) -> source.proxy().reset());
	}

	/**
	 * Delay everything from now on.
	 * @param oneWay how long in each direction: half a round trip
	 */
	public void latency(Duration oneWay) {
		this.probe.sources().forEach((source) -> source.proxy().latency(oneWay));
	}

	/**
	 * Refuse new connections until {@link #accept()}; those that exist go on.
	 */
	public void refuse() {
		this.probe.sources().forEach((source) -> source.proxy().refuse());
	}

	/**
	 * Accept new connections again.
	 */
	public void accept() {
		this.probe.sources().forEach((source) -> source.proxy().accept());
	}

	/**
	 * Lose the reply of the next COMMIT, which the server executes.
	 */
	public void loseNextCommitReply() {
		this.probe.place("reply of COMMIT lost", FaultKind.REPLY_LOST.fault(), Statements.commit());
	}

	/**
	 * Do something at the next statement with a text in its SQL.
	 * @param kind what to do
	 * @param text a part of the SQL, upper or lower case
	 */
	public void at(FaultKind kind, String text) {
		String part = text.toLowerCase(Locale.ROOT);
		this.probe.place(kind + " at '" + text + "'", kind.fault(),
				(sql) -> sql.toLowerCase(Locale.ROOT).contains(part));
	}

	/**
	 * Mend everything at once.
	 */
	public void mend() {
		this.probe.mend();
	}

	/**
	 * Where findings go.
	 */
	interface Reports {

		void add(String scenario, Finding finding, boolean accepted);

	}

}
