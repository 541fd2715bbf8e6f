package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.Credentials;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.watchdog.Servers.Refused;
import io.github.resilientdb.watchdog.Servers.Visit;
import org.jspecify.annotations.Nullable;

/**
 * The database of a pool: opens connections to it, knows whether it is away, and waits
 * for it. Thread-safe.
 */
public final class Database {

	private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);

	private final Connector connector;

	private final boolean failover;

	private final PrimaryRequirement primary;

	private final Outage outage;

	private final ConnectAttempts attempts;

	private final Prober prober;

	private final ServerCheck check;

	/**
	 * Create the database of a pool, without connecting to it.
	 * @param config the pool: its name and its credentials, as they are when they are
	 * needed
	 * @param settings the settings
	 * @param classifier tells what a failure means
	 * @param listener receives what happens
	 * @param serving tells whether any connection of the pool is alive
	 */
	public Database(HikariConfig config, PoolSettings settings, Function<Throwable, FailureVerdict> classifier,
			ConnectionPoolListener listener, BooleanSupplier serving) {
		this.connector = Connectors.of(config);
		this.failover = settings.failover();
		this.primary = new PrimaryRequirement(settings.requirePrimary(),
				config.isReadOnly() || this.connector.prefersStandby());
		this.outage = new Outage(config::getPoolName, listener, this::answersAgain);
		this.attempts = new ConnectAttempts(config, this.connector, this.primary, classifier, listener, serving,
				this.outage);
		this.prober = new Prober(this.attempts, ProbeBudget.SHARED);
		this.check = new ServerCheck(this.attempts.history(), (deadline) -> connect(deadline).close(),
				settings.pingTimeout());
	}

	public PrimaryRequirement primary() {
		return this.primary;
	}

	public Outage outage() {
		return this.outage;
	}

	/**
	 * Open a connection with the credentials of the pool.
	 * @param deadline until when that may take, and a database that is away is waited for
	 * @return the connection
	 * @throws SQLException if there is none to be had
	 */
	public Physical connect(long deadline) throws SQLException {
		return connect(this::credentials, deadline, deadline);
	}

	/**
	 * Open a connection.
	 * @param credentials who connects
	 * @param attemptDeadline until when that may take
	 * @param deadline until when a database that is away is waited for
	 * @return the connection
	 * @throws SQLException if there is none to be had
	 */
	public Physical connect(Supplier<Credentials> credentials, long attemptDeadline, long deadline)
			throws SQLException {
		return this.failover ? this.prober.connect(credentials, attemptDeadline, deadline)
				: this.attempts.attempt(credentials.get(), attemptDeadline);
	}

	/**
	 * Return with which credentials the pool connects now.
	 * @return the credentials
	 */
	public Credentials credentials() {
		return this.attempts.credentials();
	}

	/**
	 * A new connection could not be made ready for use.
	 * @param failure why
	 */
	public void setUpFailed(Exception failure) {
		this.attempts.setUpFailed(failure);
	}

	/**
	 * Return whether the database answers again, while there is an outage.
	 */
	private boolean answersAgain() {
		// one that is waited for is asked already, and more often
		return !this.prober.isAway() && this.attempts.ask(System.nanoTime() + ASK_TIMEOUT.toNanos());
	}

	/**
	 * Open a connection beside the pool, to the server that others lead to.
	 * @param address which of several hosts that is, empty if there is one
	 * @param patience how long the server may be silent, in nanoseconds
	 * @param deadline until when connecting and all that is asked may take
	 * @return what came of it
	 */
	public Visit visit(String address, long patience, long deadline) {
		try {
			Credentials current = credentials();
			return this.connector.visit(address.isEmpty() ? null : address, current.getUsername(),
					current.getPassword(), patience, deadline);
		}
		catch (RuntimeException ex) {
			return new Refused(ex);
		}
	}

	/**
	 * Tell whether the server answers a new connection promptly.
	 * @param since an answer to a connect that began later counts
	 * @param until how long to wait at most
	 * @return whether it does
	 */
	public boolean answers(long since, long until) {
		return this.check.answers(since, until);
	}

	/**
	 * Return why no connection can be had at present.
	 * @return the failure of the last attempt to open one, {@code null} if it succeeded
	 */
	public @Nullable Exception connectFailure() {
		return this.attempts.history().failure();
	}

	/**
	 * Return how long the oldest attempt to open a connection has been under way.
	 * @return nanoseconds, 0 if there is none
	 */
	public long connectingFor() {
		return this.attempts.history().longestUnderWay();
	}

	/**
	 * Tell whether a failure to connect may pass by itself.
	 * @param failure the failure
	 * @return whether trying again may help
	 */
	public boolean mayPass(Throwable failure) {
		return this.attempts.meaning(failure).mayPass();
	}

	/**
	 * Return why an attempt to connect failed, in one word of the bounded list.
	 * @param failure the failure
	 * @return the reason
	 */
	public String reasonOf(Throwable failure) {
		return this.attempts.reasonOf(failure);
	}

	/**
	 * Ask one of several hosts last, for a while.
	 * @param address the host, {@code null} if there is only one
	 */
	public void avoid(@Nullable String address) {
		this.connector.avoid(address);
	}

	/**
	 * Return why its connections have no socket to look at.
	 * @return the reason, {@code null} if they have one
	 */
	public @Nullable String probeUnavailable() {
		return this.connector.probeUnavailable();
	}

	/**
	 * Return how many attempts that nobody waits for any more have not come back.
	 * @return how many
	 */
	public int hanging() {
		return this.connector.hanging();
	}

	/**
	 * Return where the connections come from, if that is a {@code DataSource} of the
	 * user.
	 * @return the data source, {@code null} if there is none
	 */
	public @Nullable DataSource dataSource() {
		return this.connector.dataSource();
	}

	/**
	 * Let those go who wait for a database that is away: the pool is going to be closed.
	 */
	public void stopWaiting() {
		this.prober.close();
	}

	/**
	 * Ask for nothing any more: the pool is closed.
	 */
	public void close() {
		this.outage.close();
		this.prober.close();
	}

}
