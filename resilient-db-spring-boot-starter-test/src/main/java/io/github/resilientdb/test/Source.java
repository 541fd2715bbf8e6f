package io.github.resilientdb.test;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.github.resilientdb.test.PostgresUrl.Host;
import io.github.resilientdb.test.proxy.ClientSide;
import io.github.resilientdb.test.proxy.Encryption;
import io.github.resilientdb.test.proxy.FaultProxy;
import io.github.resilientdb.test.rows.DirectConnection;
import io.github.resilientdb.test.rows.SnapshotReader;

/**
 * A data source that has a proxy before each of its servers, and ways to its database
 * past the proxies.
 */
final class Source implements AutoCloseable {

	/**
	 * What the driver says if it does not trust a server, or finds no certificates: there
	 * was a connection, or there could have been one.
	 */
	private static final String CONNECTION_FAILURE = "08006";

	private final String name;

	private final PostgresUrl target;

	private final Encryption encryption;

	private final List<FaultProxy> proxies = new ArrayList<>();

	private final DirectConnection primary;

	/**
	 * The servers, if there are several, with their proxies.
	 */
	private final Map<DirectConnection, List<FaultProxy>> servers = new LinkedHashMap<>();

	/**
	 * Put proxies before servers.
	 * @param name the data source's name
	 * @param target the servers
	 * @param encryption whether to speak TLS with them
	 * @param driver what the driver needs to connect that is not in the URL
	 */
	Source(String name, PostgresUrl target, Encryption encryption, Properties driver) {
		this(name, target, encryption, new DirectConnection(target.direct(), driver));
		Map<Host, List<FaultProxy>> hosts = new LinkedHashMap<>();
		for (Host host : target.hosts()) {
			FaultProxy proxy = new FaultProxy(host.name(), host.port(), encryption, ClientSide.PLAIN);
			this.proxies.add(proxy);
			ProxyPorts.add(proxy.port(), host.toString());
			hosts.computeIfAbsent(host, (named) -> new ArrayList<>()).add(proxy);
		}
		if (hosts.size() > 1) {
			hosts.forEach((host, own) -> this.servers.put(new DirectConnection(target.direct(host), driver), own));
		}
	}

	private Source(String name, PostgresUrl target, Encryption encryption, DirectConnection primary) {
		this.name = name;
		this.target = target;
		this.encryption = encryption;
		this.primary = primary;
	}

	/**
	 * Return a data source that has no proxies, but rows that can be read perhaps.
	 */
	static Source withoutProxies(String name, PostgresUrl target, Properties driver) {
		return new Source(name, target, target.encryption(driver), new DirectConnection(target.direct(), driver));
	}

	boolean isSameDatabase(Source other) {
		return this.target.hosts().equals(other.target.hosts())
				&& this.target.database().equals(other.target.database());
	}

	String name() {
		return this.name;
	}

	List<FaultProxy> proxies() {
		return this.proxies;
	}

	List<Integer> ports() {
		return this.proxies.stream().map(FaultProxy::port).toList();
	}

	/**
	 * Return a reader of the rows.
	 * @throws IllegalStateException if there is no way to them past the proxies
	 */
	SnapshotReader reader() {
		try {
			return this.primary.reader();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(
					"The test kit can't connect by itself to data source '%s', to read its rows: ".formatted(this.name)
							+ ex.getMessage() + advice(ex),
					ex);
		}
	}

	private String advice(SQLException failure) {
		return (this.encryption == Encryption.REQUIRED && CONNECTION_FAILURE.equals(failure.getSQLState()))
				? "\nThis connection checks the server's certificate as sslmode says, which the proxy's does not, so "
						+ "that the application got through here, but won't without the proxy: correct sslrootcert, or "
						+ "the host's name in the URL; or write sslmode=require for the test"
				: "";
	}

	/**
	 * Return how many sessions are inside a transaction and idle.
	 */
	int openTransactions() throws SQLException {
		int open = 0;
		for (DirectConnection server : serversInUse()) {
			open += server.reader().openTransactions();
		}
		return open;
	}

	/**
	 * End the sessions that were left inside a transaction, with the locks that they
	 * hold.
	 */
	void endOpenTransactions() throws SQLException {
		for (DirectConnection server : serversInUse()) {
			server.reader().endOpenTransactions();
		}
	}

	/**
	 * End all sessions, and wait until they have ended.
	 * @return how many there were
	 */
	int endSessions() throws SQLException {
		int ended = 0;
		for (DirectConnection server : serversInUse()) {
			ended += server.reader().endSessions();
		}
		return ended;
	}

	/**
	 * A server that nothing is connected to may not even be there.
	 */
	private List<DirectConnection> serversInUse() {
		List<DirectConnection> inUse = new ArrayList<>();
		this.servers.forEach((server, own) -> {
			if (own.stream().anyMatch((proxy) -> proxy.openConnections() > 0)) {
				inUse.add(server);
			}
		});
		return this.servers.isEmpty() ? List.of(this.primary) : inUse;
	}

	@Override
	public void close() {
		this.proxies.forEach(FaultProxy::close);
		try {
			this.primary.close();
			for (DirectConnection server : this.servers.keySet()) {
				server.close();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot close the connections to " + this.name, ex);
		}
	}

}
