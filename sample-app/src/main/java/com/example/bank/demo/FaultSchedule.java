package com.example.bank.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

import com.example.bank.embedded.EmbeddedDatabase;
import com.example.bank.embedded.EmbeddedDatabase.StopMode;

/**
 * What is broken, and when: in the first third of the time all sessions are ended, twice
 * a second; then the server is restarted, first gently, then as if it had crashed.
 */
class FaultSchedule {

	private static final Duration BETWEEN_KILLS = Duration.ofMillis(500);

	private final EmbeddedDatabase database;

	private final Duration duration;

	private final Consumer<String> listener;

	FaultSchedule(EmbeddedDatabase database, Duration duration, Consumer<String> listener) {
		this.database = database;
		this.duration = duration;
		this.listener = listener;
	}

	/**
	 * Break the database for as long as the schedule lasts. It works at the end.
	 * @throws SQLException if the server does not answer when it should
	 * @throws IOException if the server does not start again
	 * @throws InterruptedException if the thread is interrupted
	 */
	void run() throws SQLException, IOException, InterruptedException {
		long start = System.nanoTime();
		Duration calm = this.duration.dividedBy(15);
		Thread.sleep(calm.toMillis());
		while (elapsed(start) < 0.33) {
			this.listener.accept("all sessions ended");
			this.database.endSessions();
			Thread.sleep(BETWEEN_KILLS.toMillis());
		}
		restart(StopMode.FAST, start, 0.6, calm);
		restart(StopMode.IMMEDIATE, start, 0.9, calm);
	}

	private void restart(StopMode mode, long start, double end, Duration calm)
			throws IOException, InterruptedException {
		while (elapsed(start) < end) {
			this.listener.accept((mode == StopMode.FAST) ? "server restarted" : "server crashed and restarted");
			this.database.restart(mode);
			Thread.sleep(calm.toMillis());
		}
	}

	private double elapsed(long start) {
		return (double) (System.nanoTime() - start) / this.duration.toNanos();
	}

}
