package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.Credentials;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.SafeListeners;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes single attempts to open a connection of a pool, keeps what came of them, and
 * tells who must know.
 */
final class ConnectAttempts implements Attempts {

	private static final Logger logger = LoggerFactory.getLogger(ConnectAttempts.class);

	private final HikariConfig config;

	private final Connector connector;

	private final PrimaryRequirement primary;

	private final Function<Throwable, FailureVerdict> classifier;

	private final ConnectionPoolListener listener;

	private final BooleanSupplier serving;

	private final Outage outage;

	private final ConnectHistory history = new ConnectHistory(System::nanoTime);

	ConnectAttempts(HikariConfig config, Connector connector, PrimaryRequirement primary,
			Function<Throwable, FailureVerdict> classifier, ConnectionPoolListener listener, BooleanSupplier serving,
			Outage outage) {
		this.config = config;
		this.connector = connector;
		this.primary = primary;
		this.classifier = classifier;
		this.listener = listener;
		this.serving = serving;
		this.outage = outage;
	}

	@Override
	public String name() {
		return this.config.getPoolName();
	}

	@Override
	public Credentials credentials() {
		return (this.config.getCredentialsProvider() != null) ? this.config.getCredentialsProvider().getCredentials()
				: this.config.getCredentials();
	}

	@Override
	public int hosts() {
		return this.connector.hosts();
	}

	@Override
	public ConnectFailure meaning(Throwable failure) {
		return ConnectFailure.of(failure, this.classifier.apply(failure));
	}

	String reasonOf(Throwable failure) {
		return this.classifier.apply(failure).reason();
	}

	ConnectHistory history() {
		return this.history;
	}

	@Override
	public Physical attempt(Credentials credentials, long deadline) throws SQLException {
		try {
			return probe(credentials, deadline);
		}
		catch (SQLException | RuntimeException ex) {
			report(ex);
			throw ex;
		}
	}

	@Override
	public Physical probe(Credentials credentials, long deadline) throws SQLException {
		Long start = this.history.began();
		try {
			Physical physical = open(credentials, deadline);
			this.history.succeeded(start);
			this.outage.answered(start);
			return physical;
		}
		catch (SQLException | RuntimeException ex) {
			if (!isServing(this.history.failed(start, ex))) {
				this.outage.connectFailed(reasonOf(ex), ex);
			}
			throw ex;
		}
		finally {
			this.history.left(start);
		}
	}

	/**
	 * Ask for a connection, without telling anyone what came of it.
	 * @param deadline until when that may take
	 * @return whether the server gave one, or refuses only new ones
	 */
	boolean ask(long deadline) {
		Long start = System.nanoTime();
		try {
			open(credentials(), deadline).close();
			this.history.succeeded(start);
			return true;
		}
		catch (SQLException | RuntimeException ex) {
			logger.atDebug().addKeyValue("pool", name()).setCause(ex).log("The database doesn't answer yet");
			return isServing(new ConnectAttempt(start, System.nanoTime(), ex));
		}
	}

	private Physical open(Credentials credentials, long deadline) throws SQLException {
		return this.connector.connect(credentials.getUsername(), credentials.getPassword(), deadline, this.primary);
	}

	/**
	 * A new connection could not be made ready for use.
	 */
	void setUpFailed(Exception failure) {
		this.history.failed(System.nanoTime(), failure);
		report(failure);
	}

	private void report(Exception failure) {
		String state = (failure instanceof SQLException ex) ? ex.getSQLState() : null;
		String reason = reasonOf(failure);
		SafeListeners.tell(this.listener, (listener) -> listener.disconnected(name(), reason, Phase.CONNECT, state));
	}

	/**
	 * Return whether the server refused a connection, but still serves those that are
	 * open: it has no room for more, say.
	 */
	private boolean isServing(ConnectAttempt attempt) {
		return attempt.isAnswered() && this.serving.getAsBoolean();
	}

}
