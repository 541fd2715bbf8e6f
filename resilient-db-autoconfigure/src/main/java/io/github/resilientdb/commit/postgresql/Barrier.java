package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.resilientdb.commit.CommitFailure;
import io.github.resilientdb.commit.Deadline;
import io.github.resilientdb.commit.VerificationGate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Confirms that what is committed is durable, and replicated as far as its transaction
 * asked for: by a commit of its own, since a commit that writes to the log waits for all
 * earlier ones too. One that merely takes a transaction id does not write.
 * <p>
 * A commit that waits for a synchronous standby can't be limited by a timeout of the
 * server, and goes on waiting when its client has left. So it is cancelled in time; once
 * more if its connection was lost, since it may not have been there yet; and if that
 * fails, too, its session is ended by whoever asks next.
 */
final class Barrier {

	private static final long LONGEST_MARGIN = TimeUnit.MILLISECONDS.toNanos(250);

	private static final long SECOND_CANCELLATION = TimeUnit.MILLISECONDS.toNanos(500);

	private static final long KEEP_ALIVE_SECONDS = 2;

	private static final String START = "(extract(epoch FROM %s) * 1000000)::bigint";

	private static final String MESSAGE = "SELECT pg_catalog.pg_logical_emit_message(true, 'resilient-db', '')::text";

	private static final String WITHOUT_MESSAGE = "CREATE TEMPORARY TABLE resilientdb_barrier () ON COMMIT DROP";

	private static final String XACT_START = "SELECT " + START.formatted("pg_catalog.now()") + "::text";

	private static final String END = """
			SELECT pg_catalog.pg_terminate_backend(a.pid)::text FROM pg_catalog.pg_stat_activity a
			WHERE a.wait_event = 'SyncRep' AND a.pid = ? AND """ + " " + START.formatted("a.xact_start") + " = ?";

	private static final Logger logger = LoggerFactory.getLogger(Barrier.class);

	private final ScheduledThreadPoolExecutor timer;

	private final Queue<Stuck> stuck = new ConcurrentLinkedQueue<>();

	private volatile boolean messageRefused;

	Barrier() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("resilientdb-barrier-");
		threads.setDaemon(true);
		this.timer = new ScheduledThreadPoolExecutor(VerificationGate.CONNECTIONS, threads);
		this.timer.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
		this.timer.allowCoreThreadTimeOut(true);
		this.timer.setRemoveOnCancelPolicy(true);
	}

	/**
	 * End what earlier barriers have left behind on the server.
	 */
	void endStuck(VerificationTransaction transaction) throws SQLException {
		for (Stuck left = this.stuck.peek(); left != null; left = this.stuck.peek()) {
			try {
				transaction.value(END, left.pid(), left.xactStart());
			}
			catch (SQLException ex) {
				if (isRefusal(ex)) {
					// Or no question would ever be answered
					this.stuck.remove(left);
				}
				throw ex;
			}
			this.stuck.remove(left);
		}
	}

	/**
	 * Commit the barrier in a transaction that has written nothing yet.
	 * @param applied whether standbys must have applied it
	 * @param deadline when the connection is lost
	 * @return whether it was confirmed in time
	 */
	boolean pass(VerificationTransaction transaction, boolean applied, Deadline deadline) throws SQLException {
		transaction.execute("SET LOCAL synchronous_commit = " + (applied ? "remote_apply" : "on"));
		long xactStart = Long.parseLong(String.valueOf(transaction.value(XACT_START)));
		write(transaction);
		Stuck own = new Stuck(transaction.server().backendPid(), xactStart);
		AtomicBoolean cancelled = new AtomicBoolean();
		Cancelling cancelling = new Cancelling(PostgresDriver.of(transaction.connection()), cancelled);
		Future<?> cancellation = this.timer.schedule(cancelling, inTime(deadline), TimeUnit.NANOSECONDS);
		boolean confirmed;
		try {
			confirmed = transaction.commitWithoutWarning();
		}
		catch (SQLException | RuntimeException ex) {
			this.stuck.add(own);
			var unused = this.timer.schedule(cancelling, SECOND_CANCELLATION, TimeUnit.NANOSECONDS);
			throw ex;
		}
		cancellation.cancel(false);
		if (!confirmed && cancelled.get()) {
			// The next statement might be cancelled instead.
			throw new SQLException("The barrier was not confirmed in time", "57014");
		}
		return confirmed;
	}

	private void write(VerificationTransaction transaction) throws SQLException {
		if (this.messageRefused) {
			transaction.execute(WITHOUT_MESSAGE);
			return;
		}
		try {
			transaction.value(MESSAGE);
		}
		catch (SQLException ex) {
			// The next question, in a new transaction, does without.
			this.messageRefused = isRefusal(ex);
			throw ex;
		}
	}

	private static boolean isRefusal(SQLException failure) {
		return !CommitFailure.mayPass(failure) && CommitFailure.isDefinite(failure.getSQLState(), false);
	}

	private static long inTime(Deadline deadline) {
		long remaining = deadline.remaining();
		return remaining - Math.min(LONGEST_MARGIN, remaining / 4);
	}

	private record Stuck(int pid, long xactStart) {
	}

	private record Cancelling(@Nullable PostgresDriver driver, AtomicBoolean begun) implements Runnable {

		@Override
		public void run() {
			this.begun.set(true);
			try {
				if (this.driver != null) {
					this.driver.cancel();
				}
			}
			catch (SQLException | RuntimeException ex) {
				logger.debug("A barrier that waits for its standby could not be cancelled", ex);
			}
		}

	}

}
