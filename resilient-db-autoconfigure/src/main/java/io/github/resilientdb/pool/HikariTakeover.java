package io.github.resilientdb.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.settings.PoolSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.Assert;

/**
 * Replaces a {@code HikariDataSource} whose pool has not started by one of the same
 * configuration that lends only living connections.
 */
public final class HikariTakeover {

	private static final Logger logger = LoggerFactory.getLogger(HikariTakeover.class);

	private static final long DEFAULT_KEEPALIVE = TimeUnit.MINUTES.toMillis(2);

	private static final long DEFAULT_IDLE_TIMEOUT = TimeUnit.MINUTES.toMillis(10);

	private static final Duration LONGEST_AWAITED_CONNECT = Duration.ofSeconds(10);

	private static final Duration AWAITED_CONNECT_PAUSE = Duration.ofMillis(250);

	private static final long HIKARI_MIN_LIFETIME = TimeUnit.SECONDS.toMillis(30);

	private final Function<Throwable, FailureVerdict> classifier;

	private final ConnectionPoolListener listener;

	private final boolean verifyAll;

	/**
	 * Create a takeover.
	 * @param classifier tells what a failure means
	 * @param listener is told what happens to connections
	 * @param verifyAll whether all transactions are verified, not only those of retryable
	 * calls
	 */
	public HikariTakeover(Function<Throwable, FailureVerdict> classifier, ConnectionPoolListener listener,
			boolean verifyAll) {
		this.classifier = classifier;
		this.listener = listener;
		this.verifyAll = verifyAll;
	}

	/**
	 * Replace a pool.
	 * @param original the pool, not started; it must not be used afterwards
	 * @param settings the settings
	 * @param commits makes the commit protocol, given connections beside the pool
	 * @return the replacement, which is also a
	 * {@link io.github.resilientdb.ConnectionPool}
	 */
	public HikariDataSource takeOver(HikariDataSource original, PoolSettings settings,
			Function<VerificationConnections, CommitProtocol> commits) {
		Assert.state(!isStarted(original), "Invalid pool: it has started already");
		configure(original, settings);
		return new GuardedHikariDataSource(original, settings, this.classifier, this.listener, commits, this.verifyAll);
	}

	/**
	 * Return whether a pool has started, so that it can't be taken over any more.
	 * @param dataSource the pool
	 * @return whether it has started
	 */
	public static boolean isStarted(HikariDataSource dataSource) {
		return dataSource.getHikariPoolMXBean() != null || dataSource.isClosed();
	}

	private void configure(HikariConfig config, PoolSettings settings) {
		if (settings.size() != null) {
			config.setMaximumPoolSize(settings.size());
			if (config.getMinimumIdle() > settings.size()) {
				config.setMinimumIdle(settings.size());
			}
		}
		if (settings.timeout() != null) {
			config.setConnectionTimeout(settings.timeout().toMillis());
		}
		if (settings.recycle() != null) {
			recycle(config, settings.recycle());
		}
		if (config.getConnectionTestQuery() != null) {
			logger.atWarn()
				.log("Ignoring connection-test-query '{}' of pool {}: connections are checked without a query. "
						+ "Remove the property", config.getConnectionTestQuery(), config.getPoolName());
			config.setConnectionTestQuery(null);
		}
	}

	/**
	 * The exact limit is kept at checkout; HikariCP, which draws from 0.75 to 1, replaces
	 * idle connections in the background. It refuses less than 30 s.
	 */
	private void recycle(HikariConfig config, Duration recycle) {
		long lifetime = recycle.toMillis() * 16 / 15;
		config.setMaxLifetime((lifetime >= HIKARI_MIN_LIFETIME) ? lifetime : 0);
		if (config.getKeepaliveTime() == DEFAULT_KEEPALIVE && recycle.toMillis() <= DEFAULT_KEEPALIVE) {
			config.setKeepaliveTime(0); // HikariCP would do so, with a warning
		}
		if (config.getIdleTimeout() == DEFAULT_IDLE_TIMEOUT && recycle.toMillis() <= DEFAULT_IDLE_TIMEOUT) {
			config.setIdleTimeout(0); // HikariCP would do that, too
		}
	}

	/**
	 * Wait until the database accepts a connection.
	 * @param dataSource a pool that was taken over; it is not started
	 * @param atMost how long
	 * @throws SQLException if it doesn't within that time, or for a reason that does not
	 * pass by itself
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static void awaitDatabase(HikariDataSource dataSource, Duration atMost)
			throws SQLException, InterruptedException {
		Database database = ((GuardedHikariDataSource) dataSource).database();
		long until = System.nanoTime() + atMost.toNanos();
		while (true) {
			try {
				long attempt = System.nanoTime() + LONGEST_AWAITED_CONNECT.toNanos();
				database.connect(database::credentials, (until - attempt < 0) ? until : attempt, until).close();
				return;
			}
			catch (SQLException ex) {
				if (Thread.interrupted()) {
					throw (InterruptedException) new InterruptedException().initCause(ex);
				}
				if (!database.mayPass(ex) || until - System.nanoTime() <= AWAITED_CONNECT_PAUSE.toNanos()) {
					throw ex;
				}
				Thread.sleep(AWAITED_CONNECT_PAUSE.toMillis());
			}
		}
	}

	/**
	 * Return why no connection can be had at present.
	 * @param dataSource a pool that was taken over; it may be closed
	 * @return what failed, empty if the last attempt to open one succeeded, or there was
	 * none
	 */
	public static Optional<FailedConnect> failedConnect(HikariDataSource dataSource) {
		return Optional.ofNullable(((GuardedHikariDataSource) dataSource).database().connectFailure())
			.map((failure) -> failedConnect(dataSource, failure));
	}

	/**
	 * Return what a failure to connect means.
	 * @param dataSource a pool that was taken over
	 * @param failure the failure
	 * @return the failure and its reason
	 */
	public static FailedConnect failedConnect(HikariDataSource dataSource, Exception failure) {
		Database database = ((GuardedHikariDataSource) dataSource).database();
		return new FailedConnect(database.reasonOf(failure), failure);
	}

	/**
	 * Return the generation of the connections that a pool opens now.
	 * @param dataSource a pool that was taken over
	 * @return how many incidents and discards there were
	 */
	public static long generation(HikariDataSource dataSource) {
		return ((GuardedHikariDataSource) dataSource).connections().generation();
	}

	/**
	 * Return why the connections of a pool can't be checked by a look at their socket.
	 * @param dataSource a pool that was taken over
	 * @return the reason, {@code null} if they can be
	 */
	public static @Nullable String probeUnavailable(HikariDataSource dataSource) {
		return ((GuardedHikariDataSource) dataSource).database().probeUnavailable();
	}

	/**
	 * Return how many attempts to connect hang in a driver whose waits can't be ended,
	 * and nobody waits for them any more.
	 * @param dataSource a pool that was taken over
	 * @return how many
	 */
	public static int hangingConnects(HikariDataSource dataSource) {
		return ((GuardedHikariDataSource) dataSource).database().hanging();
	}

	/**
	 * The last attempt of a pool to open a connection, which failed.
	 *
	 * @param reason why, in one word of the bounded list
	 * @param failure what the driver threw
	 */
	public record FailedConnect(String reason, Exception failure) {

	}

}
