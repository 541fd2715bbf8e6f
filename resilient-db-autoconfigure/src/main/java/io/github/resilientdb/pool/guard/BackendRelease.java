package io.github.resilientdb.pool.guard;

import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.attempt.AbandonedBackends.AbandonedBackend;
import io.github.resilientdb.commit.CommitSession;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.util.ClassUtils;

/**
 * Lets the server end its sides of connections that were lost within transactions, so
 * that the locks they hold don't block who does the work again. Best effort: by one
 * thread, which ends when there is nothing to do; what is too much is left to the server.
 */
final class BackendRelease implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(BackendRelease.class);

	private static final int MOST_WAITING = 64;

	private static final long KEEP_ALIVE_SECONDS = 5;

	private final ThreadPoolExecutor executor;

	BackendRelease() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("resilientdb-release-");
		threads.setDaemon(true);
		this.executor = new ThreadPoolExecutor(1, 1, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS,
				new ArrayBlockingQueue<>(MOST_WAITING), threads, new ThreadPoolExecutor.DiscardPolicy());
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Return whether a failure says that the server has ended the session already, or
	 * that a pooler has taken it back and may give it to another client.
	 * @param failure the failure
	 * @return whether nothing is left to end
	 */
	static boolean isEndedByServer(Throwable failure) {
		return failure instanceof SQLException ex && isEndedByServer(ex);
	}

	private static boolean isEndedByServer(SQLException failure) {
		String state = failure.getSQLState();
		return (state != null && !state.startsWith("08")) || DriverFailure.isFromServer(failure);
	}

	void request(CommitSession session, @Nullable AbandonedBackend backend) {
		this.executor.execute(() -> release(session, backend));
	}

	private void release(CommitSession session, @Nullable AbandonedBackend backend) {
		try {
			if (session.release(Long.MAX_VALUE)) {
				if (backend != null) {
					backend.ended();
				}
				logger.debug("Terminated the server process of a connection that was lost within a transaction");
			}
		}
		catch (RuntimeException ex) {
			logger.debug("The server process of a lost connection could not be terminated", ex);
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	/**
	 * What the PostgreSQL driver tells of its failures, where it is present.
	 */
	private static final class DriverFailure {

		private static final boolean PRESENT = ClassUtils.isPresent("org.postgresql.util.PSQLException",
				DriverFailure.class.getClassLoader());

		private DriverFailure() {
		}

		/**
		 * Return whether the other side sent the failure, and did not just fall silent.
		 */
		static boolean isFromServer(SQLException failure) {
			return PRESENT && Postgres.isFromServer(failure);
		}

		/**
		 * Keeps a class without the driver on its class path from loading it.
		 */
		private static final class Postgres {

			static boolean isFromServer(SQLException failure) {
				return failure instanceof PSQLException postgres && postgres.getServerErrorMessage() != null;
			}

		}

	}

}
