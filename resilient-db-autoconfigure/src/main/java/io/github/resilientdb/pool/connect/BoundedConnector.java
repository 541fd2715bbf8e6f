package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.resilientdb.pool.connect.DriverPlaces.Place;
import io.github.resilientdb.pool.socket.NetworkTimeout;
import io.github.resilientdb.watchdog.Servers.Reached;
import io.github.resilientdb.watchdog.Servers.Refused;
import io.github.resilientdb.watchdog.Servers.Visit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets callers leave at their deadline, whatever the driver does: it connects on a thread
 * of its own. {@link DriverPlaces} says how many of these threads there may be.
 */
final class BoundedConnector implements Connector {

	private static final Logger logger = LoggerFactory.getLogger(BoundedConnector.class);

	private static final String CONNECT_FAILED = "08001";

	private final Connector delegate;

	private final DriverPlaces places;

	BoundedConnector(Connector delegate) {
		this(delegate, new DriverPlaces(System::nanoTime));
	}

	BoundedConnector(Connector delegate, DriverPlaces places) {
		this.delegate = delegate;
		this.places = places;
	}

	@Override
	public @Nullable DataSource dataSource() {
		return this.delegate.dataSource();
	}

	/**
	 * Connect. An interrupt ends the wait; one from before changes nothing, as it changes
	 * nothing for a driver that connects on the caller's thread.
	 */
	@Override
	public Physical connect(@Nullable String username, @Nullable String password, long deadline,
			PrimaryRequirement primary) throws SQLException {
		boolean interrupted = Thread.interrupted();
		try {
			return start(() -> this.delegate.connect(username, password, deadline, primary), deadline).await(deadline);
		}
		catch (InterruptedException ex) {
			interrupted = true;
			throw new SQLException("Interrupted while connecting", ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Look at a server, unless the driver hangs already: the pool needs the other place.
	 * How long it was silent can't be told.
	 */
	@Override
	public Visit visit(@Nullable String address, @Nullable String username, @Nullable String password, long patience,
			long deadline) {
		if (hanging() > 0) {
			return new Refused(new SQLException("An earlier attempt to connect is still hanging", CONNECT_FAILED));
		}
		try {
			Physical physical = connect(username, password, deadline, PrimaryRequirement.NONE);
			NetworkTimeout.until(physical.connection(), deadline);
			return new Reached(physical.connection(), physical);
		}
		catch (SQLException ex) {
			return new Refused(ex);
		}
	}

	private Attempt start(Connect connect, long deadline) throws SQLException, InterruptedException {
		Place place = this.places.take(deadline);
		if (place == null) {
			int hanging = hanging();
			throw new SQLTransientConnectionException(
					(hanging > 0) ? "%d earlier attempts to connect are still hanging in the driver".formatted(hanging)
							: "Other attempts to connect keep the driver busy",
					CONNECT_FAILED);
		}
		Attempt attempt = new Attempt(connect, place);
		boolean started = false;
		try {
			attempt.thread.start();
			started = true;
		}
		finally {
			if (!started) {
				place.back(); // there is no memory for another thread, say
			}
		}
		return attempt;
	}

	@Override
	public @Nullable String probeUnavailable() {
		return this.delegate.probeUnavailable();
	}

	@Override
	public int hosts() {
		return this.delegate.hosts();
	}

	@Override
	public boolean prefersStandby() {
		return this.delegate.prefersStandby();
	}

	@Override
	public int hanging() {
		return this.places.hanging();
	}

	private interface Connect {

		Physical call() throws SQLException;

	}

	/**
	 * One call of the driver.
	 */
	private static final class Attempt {

		private final Connect connect;

		private final Place place;

		private final Thread thread = new Thread(this::run, "resilientdb-connect");

		private final CountDownLatch over = new CountDownLatch(1);

		// written before, and read after, it is over
		private @Nullable Physical physical;

		private @Nullable Throwable failure;

		Attempt(Connect connect, Place place) {
			this.connect = connect;
			this.place = place;
			this.thread.setDaemon(true);
		}

		private void run() {
			try {
				this.physical = this.connect.call();
			}
			catch (Throwable ex) {
				this.failure = ex;
			}
			boolean waitedFor = this.place.back();
			this.over.countDown();
			if (!waitedFor && this.physical != null) {
				close(this.physical);
			}
		}

		private static void close(Physical physical) {
			try {
				physical.close();
			}
			catch (SQLException | RuntimeException ex) {
				logger.debug("A connection that came too late could not be closed", ex);
			}
		}

		Physical await(long deadline) throws SQLException, InterruptedException {
			boolean inTime = false;
			try {
				inTime = this.over.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				if (left()) {
					throw ex;
				}
				Thread.currentThread().interrupt();
				inTime = true;
			}
			if (!inTime && left()) {
				throw new SQLTransientConnectionException("The driver has not connected in time", CONNECT_FAILED);
			}
			return result();
		}

		/**
		 * Leave the driver alone, unless it is back.
		 */
		private boolean left() {
			if (!this.place.leave()) {
				return false;
			}
			this.thread.interrupt(); // some drivers listen
			return true;
		}

		private Physical result() throws SQLException {
			if (this.physical != null) {
				return this.physical;
			}
			Throwable failure = this.failure;
			if (failure instanceof SQLException ex) {
				throw ex;
			}
			if (failure instanceof RuntimeException ex) {
				throw ex;
			}
			if (failure instanceof Error ex) {
				throw ex;
			}
			throw new SQLException("The driver returned no connection", CONNECT_FAILED, failure);
		}

	}

}
