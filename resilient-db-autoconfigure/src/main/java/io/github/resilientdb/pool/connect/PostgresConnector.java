package io.github.resilientdb.pool.connect;

import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Properties;

import io.github.resilientdb.pool.connect.PatientAttempt.Opening;
import io.github.resilientdb.pool.socket.WireSocketFactory;
import io.github.resilientdb.pool.socket.WireTicket;
import io.github.resilientdb.watchdog.Servers;
import io.github.resilientdb.watchdog.Servers.Visit;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections of the PostgreSQL driver on sockets of ours.
 */
final class PostgresConnector implements Connector {

	private static final String URL_PREFIX = "jdbc:postgresql:";

	private static final String SOCKET_FACTORY = "socketFactory";

	private static final String TARGET_SERVER_TYPE = "targetServerType";

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
		return new HostChoice(this.hosts, this.balanced, this.target, deadline, ProbeBudget.SHARED,
				(host, ticket) -> connect(this.hosts.url(host), propertiesOfHost(username, password, ticket), ticket,
						host, primary))
			.make();
	}

	/**
	 * Connect to the only address. A proxy there may lead to a server that has fallen
	 * silent, and to another one the next time: it is asked again and again. As the
	 * server may also be slow, one more attempt is made meanwhile that gets all the time
	 * there is. How long a slow one took is remembered for the next time.
	 */
	private Physical connectToOne(@Nullable String username, @Nullable String password, long deadline,
			PrimaryRequirement primary) throws SQLException {
		Opening opening = (ticket) -> connect(this.url, properties(username, password, ticket), ticket, null, primary);
		long patience = Math.max(ProbePace.patience(1), this.hosts.patience(this.url));
		try (PatientAttempt patient = new PatientAttempt(deadline, opening)) {
			for (int attempt = 1;; patience = ProbePace.patience(++attempt)) {
				WireTicket ticket = WireTicket.issue(deadline, patience);
				try (ticket) {
					long began = System.nanoTime();
					Physical physical = opening.open(ticket);
					this.hosts.letIn(this.url, System.nanoTime() - began);
					return physical;
				}
				catch (SQLException ex) {
					Physical physical = patient.take();
					if (physical != null) {
						this.hosts.succeeded(this.url, patient.took());
						return physical;
					}
					if (!ticket.wasSilent() || deadline - System.nanoTime() <= 0) {
						throw ex;
					}
				}
				this.hosts.silent(this.url);
				if (attempt >= ProbePace.IMPATIENT_ATTEMPTS) {
					patient.begin();
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
				physical.closeQuietly();
			}
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
			Properties properties = propertiesOfHost(username, password, ticket);
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

	private Properties propertiesOfHost(@Nullable String username, @Nullable String password, WireTicket ticket) {
		Properties result = properties(username, password, ticket);
		result.setProperty(TARGET_SERVER_TYPE, "any");
		return result;
	}

	private Properties properties(@Nullable String username, @Nullable String password, WireTicket ticket) {
		Properties result = Connectors.withCredentials(this.properties, username, password);
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

}
