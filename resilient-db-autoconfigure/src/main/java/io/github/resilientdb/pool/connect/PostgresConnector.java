package io.github.resilientdb.pool.connect;

import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.pool.socket.WireSocketFactory;
import io.github.resilientdb.pool.socket.WireTicket;
import io.github.resilientdb.watchdog.Servers;
import io.github.resilientdb.watchdog.Servers.Visit;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections of the PostgreSQL driver on sockets of ours.
 * <p>
 * Of several hosts each is asked by itself: one that is silent is passed over after a
 * quarter of a second, and gets a second only when no other has answered.
 */
final class PostgresConnector implements Connector {

	private static final String URL_PREFIX = "jdbc:postgresql:";

	private static final String SOCKET_FACTORY = "socketFactory";

	private static final String TARGET_SERVER_TYPE = "targetServerType";

	private static final long[] PATIENCE = { TimeUnit.MILLISECONDS.toNanos(250), TimeUnit.SECONDS.toNanos(1) };

	private final Driver driver;

	private final String url;

	private final Properties properties;

	private final HostList hosts;

	private final TargetServer target;

	private final boolean balanced;

	private PostgresConnector(Driver driver, String url, Properties properties) {
		this.driver = driver;
		this.url = url;
		this.properties = properties;
		this.hosts = HostList.of(url);
		Properties parsed = org.postgresql.Driver.parseURL(url, properties);
		this.target = TargetServer.of((parsed != null) ? parsed.getProperty(TARGET_SERVER_TYPE) : null);
		this.balanced = parsed != null && Boolean.parseBoolean(parsed.getProperty("loadBalanceHosts"));
	}

	/**
	 * Tell why a URL can't be connected to on sockets of ours.
	 * @param driver the driver that accepts the URL
	 * @param url the URL
	 * @param properties the driver's properties
	 * @return the reason, {@code null} if it can be
	 */
	static @Nullable String unsupported(Driver driver, String url, Properties properties) {
		if (!isPostgres(driver, url)) {
			return "the driver is not PostgreSQL's own";
		}
		Properties parsed = org.postgresql.Driver.parseURL(url, properties);
		if (parsed != null && parsed.getProperty(SOCKET_FACTORY) != null) {
			return "a socketFactory is configured";
		}
		if (System.getProperty("socksProxyHost") != null) {
			return "a SOCKS proxy is configured (socksProxyHost)";
		}
		return null;
	}

	static boolean isPostgres(Driver driver, String url) {
		return url.startsWith(URL_PREFIX) && driver.getClass().getName().equals("org.postgresql.Driver");
	}

	static PostgresConnector of(Driver driver, String url, Properties properties) {
		return new PostgresConnector(driver, url, properties);
	}

	@Override
	public Physical connect(@Nullable String username, @Nullable String password, long deadline,
			PrimaryRequirement primary) throws SQLException {
		if (!this.hosts.areSeveral()) {
			return connectToOne(username, password, deadline, primary);
		}
		Choice choice = new Choice(username, password, deadline, primary);
		return choice.make();
	}

	/**
	 * Connect to the only address. A proxy there may lead to a server that has fallen
	 * silent, and to another one the next time.
	 */
	private Physical connectToOne(@Nullable String username, @Nullable String password, long deadline,
			PrimaryRequirement primary) throws SQLException {
		for (int attempt = 0;; attempt++) {
			WireTicket ticket = WireTicket.issue(deadline, ProbePace.patience(attempt));
			try (ticket) {
				return connect(this.url, properties(username, password, ticket), ticket, null, primary);
			}
			catch (SQLException ex) {
				if (!ticket.wasSilent() || deadline - System.nanoTime() <= 0) {
					throw ex;
				}
			}
		}
	}

	private Physical connect(String url, Properties properties, WireTicket ticket, @Nullable String address,
			PrimaryRequirement primary) throws SQLException {
		Connection connection = this.driver.connect(url, properties);
		if (connection == null) {
			throw new SQLTransientConnectionException("The driver does not accept its URL", "08001");
		}
		Physical physical = primary.checked(connection, ticket.socket(), address);
		if (address != null && this.target != TargetServer.ANY && !primary.isPossible()) {
			physical = lookedAt(physical);
		}
		ticket.redeem();
		return physical;
	}

	/**
	 * Look where a connection leads to, as the URL wants to know: before its deadline is
	 * lifted, since the server may not answer.
	 */
	private static Physical lookedAt(Physical physical) throws SQLException {
		boolean seen = false;
		try {
			boolean standby = PrimaryRequirement.leadsToStandby(physical.connection());
			seen = true;
			return new Physical(physical.connection(), physical.wire(), standby, physical.address());
		}
		finally {
			if (!seen) {
				closeQuietly(physical);
			}
		}
	}

	private static void closeQuietly(Physical physical) {
		try {
			physical.close();
		}
		catch (SQLException ex) {
			// nobody wants it any more
		}
	}

	@Override
	public void avoid(@Nullable String address) {
		if (address != null) {
			this.hosts.failed(address);
		}
	}

	@Override
	public Visit visit(@Nullable String address, @Nullable String username, @Nullable String password, long patience,
			long deadline) {
		WireTicket ticket = WireTicket.issue(System.nanoTime() + patience);
		SQLException failure;
		try (ticket) {
			Properties properties = properties(username, password, ticket);
			properties.setProperty(TARGET_SERVER_TYPE, "any");
			String url = (address != null) ? this.hosts.url(address) : this.url;
			Physical physical = connect(url, properties, ticket, address, PrimaryRequirement.NONE);
			if (physical.wire() != null) {
				physical.wire().deadline(deadline);
			}
			return new Servers.Reached(physical.connection(), physical);
		}
		catch (SQLException ex) {
			failure = ex;
		}
		return (ticket.wasAnswered() || !isTimeout(failure)) ? new Servers.Refused(failure) : new Servers.Silent();
	}

	private static boolean isTimeout(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SocketTimeoutException) {
				return true;
			}
		}
		return false;
	}

	private Properties properties(@Nullable String username, @Nullable String password, WireTicket ticket) {
		Properties result = new Properties();
		result.putAll(this.properties);
		if (username != null) {
			result.setProperty("user", username);
		}
		if (password != null) {
			result.setProperty("password", password);
		}
		result.setProperty(SOCKET_FACTORY, WireSocketFactory.class.getName());
		result.setProperty(SOCKET_FACTORY + "Arg", ticket.token());
		return result;
	}

	@Override
	public int hosts() {
		return Math.max(1, this.hosts.hosts().size());
	}

	@Override
	public boolean prefersStandby() {
		return this.target.isForStandbys();
	}

	@Override
	public @Nullable String probeUnavailable() {
		return null;
	}

	/**
	 * One attempt to connect to one of several hosts.
	 */
	private final class Choice {

		private final @Nullable String username;

		private final @Nullable String password;

		private final long deadline;

		private final PrimaryRequirement primary;

		private @Nullable Physical fallback;

		private @Nullable SQLException failure;

		Choice(@Nullable String username, @Nullable String password, long deadline, PrimaryRequirement primary) {
			this.username = username;
			this.password = password;
			this.deadline = deadline;
			this.primary = primary;
		}

		Physical make() throws SQLException {
			try {
				List<String> candidates = PostgresConnector.this.hosts.inOrder(PostgresConnector.this.balanced);
				for (long patience : PATIENCE) {
					List<String> silent = new ArrayList<>();
					for (String host : candidates) {
						Physical physical = ask(host, patience, silent);
						if (physical != null) {
							return physical;
						}
					}
					candidates = silent;
				}
				Physical fallback = this.fallback;
				if (fallback == null) {
					throw (this.failure != null) ? this.failure
							: new SQLTransientConnectionException("No host could be asked in time", "08001");
				}
				this.fallback = null;
				return fallback;
			}
			finally {
				closeFallback();
			}
		}

		private void closeFallback() {
			if (this.fallback != null) {
				closeQuietly(this.fallback);
			}
		}

		private @Nullable Physical ask(String host, long patience, List<String> silent) throws SQLException {
			if (this.deadline - System.nanoTime() <= 0) {
				return null;
			}
			WireTicket ticket = WireTicket.issue(this.deadline, patience);
			try (ticket) {
				Properties properties = properties(this.username, this.password, ticket);
				properties.setProperty(TARGET_SERVER_TYPE, "any");
				Physical physical = connect(PostgresConnector.this.hosts.url(host), properties, ticket, host,
						this.primary);
				PostgresConnector.this.hosts.succeeded(host);
				return choose(physical, host);
			}
			catch (SQLException ex) {
				String state = ex.getSQLState();
				if (state != null && (state.startsWith("28") || state.startsWith("3D"))) {
					throw ex;
				}
				PostgresConnector.this.hosts.failed(host);
				if (ticket.wasSilent()) {
					silent.add(host);
				}
				remember(ex);
				return null;
			}
		}

		private @Nullable Physical choose(Physical physical, String host) throws SQLException {
			TargetServer target = PostgresConnector.this.target;
			if (target == TargetServer.ANY) {
				return physical;
			}
			boolean standby = physical.standby();
			if (target.wants(standby)) {
				return physical;
			}
			if (this.fallback == null && target.accepts(standby)) {
				this.fallback = physical;
				return null;
			}
			closeQuietly(physical);
			remember(new SQLTransientConnectionException("%s is a %s, and the URL asks for targetServerType=%s"
				.formatted(host, standby ? "standby" : "primary", target.name().toLowerCase(Locale.ROOT)), "08001"));
			return null;
		}

		// an answer tells more than silence
		private void remember(SQLException failure) {
			if (this.failure == null || failure instanceof NotPrimaryException
					|| !"08001".equals(failure.getSQLState())) {
				this.failure = failure;
			}
		}

	}

}
