package com.example.bank.trial;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what the clients were told with the database, once a second, on a thread of
 * its own, and whenever it is asked to.
 */
class Audit implements AutoCloseable {

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final TrialDatabase database;

	private final List<Lane> lanes;

	private final Watch watch;

	private final Thread thread = daemon(this::compareAgainAndAgain, "trial-watch");

	private volatile List<LaneReport> reports = List.of();

	private volatile boolean upToDate;

	/**
	 * Create an audit.
	 * @param database what the clients' calls have written to
	 * @param lanes the clients, all there before it begins
	 * @param log takes what has changed
	 */
	Audit(TrialDatabase database, List<Lane> lanes, EventLog log) {
		this.database = database;
		this.lanes = lanes;
		this.watch = new Watch(log);
	}

	void begin() {
		this.reports = this.lanes.stream().map(Lane::emptyReport).toList();
		this.thread.start();
	}

	private void compareAgainAndAgain() {
		try {
			while (true) {
				this.watch.look(this.lanes);
				tryToCompare();
				Thread.sleep(PAUSE.toMillis());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void tryToCompare() {
		try {
			compare();
		}
		catch (SQLException | RuntimeException ex) {
			// The database does not answer, or not as expected: the last reports stay
			this.upToDate = false;
		}
	}

	synchronized List<LaneReport> compare() throws SQLException {
		long before = System.nanoTime();
		List<LaneReport> current = this.database.look((snapshot) -> {
			List<LaneReport> compared = new ArrayList<>();
			for (Lane lane : this.lanes) {
				compared.add(lane.report(snapshot, before));
			}
			return compared;
		});
		this.reports = current;
		this.upToDate = true;
		this.watch.compare(current);
		return current;
	}

	/**
	 * Return what the last comparison showed.
	 */
	List<LaneReport> reports() {
		return this.reports;
	}

	/**
	 * Return whether the last comparison was possible.
	 */
	boolean isUpToDate() {
		return this.upToDate;
	}

	@Override
	public void close() {
		this.thread.interrupt();
	}

	static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

}
