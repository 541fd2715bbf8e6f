package io.github.resilientdb.testsupport;

import java.time.Duration;
import java.util.function.Predicate;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.ClientSide;
import io.github.resilientdb.test.proxy.Encryption;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Statements;

/**
 * The proxy of the test kit in front of a server of the tests.
 */
public final class FaultProxy extends io.github.resilientdb.test.proxy.FaultProxy {

	private final String database;

	private FaultProxy(String host, int port, String database, ClientSide clientSide) {
		super(host, port, Encryption.NEVER, clientSide);
		this.database = database;
	}

	/**
	 * Put a proxy in front of a server.
	 * @param server the server
	 * @return the proxy, accepting connections
	 */
	public static FaultProxy inFrontOf(PostgresServer server) {
		return new FaultProxy(server.host(), server.port(), server.database(), ClientSide.PLAIN);
	}

	/**
	 * Put a proxy in front of a server to which clients must speak TLS. It ends at the
	 * proxy, which therefore sees their statements; the server need not know TLS.
	 * @param server the server
	 * @return the proxy, accepting connections
	 */
	public static FaultProxy encryptedInFrontOf(PostgresServer server) {
		return new FaultProxy(server.host(), server.port(), server.database(), TlsEndpoint.selfSigned());
	}

	/**
	 * Put a proxy in front of whatever speaks PostgreSQL's protocol.
	 * @param host the server's host
	 * @param port the server's port
	 * @param database the default database
	 * @return the proxy, accepting connections
	 */
	public static FaultProxy inFrontOf(String host, int port, String database) {
		return new FaultProxy(host, port, database, ClientSide.PLAIN);
	}

	/**
	 * Return the JDBC URL of the server's default database through this proxy.
	 * @return a URL without parameters
	 */
	public String jdbcUrl() {
		return jdbcUrl(this.database);
	}

	/**
	 * Return the JDBC URL of a database through this proxy.
	 * @param database the database's name
	 * @return a URL without parameters
	 */
	public String jdbcUrl(String database) {
		return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), database);
	}

	/**
	 * Deliver nothing any more on the connections that exist and on new ones.
	 */
	public void blackHoleEverything() {
		blackHoleNewConnections();
		blackHole();
	}

	/**
	 * Arm a fault for the next COMMIT, on whatever connection.
	 * @param fault what is to happen
	 * @return the armed fault, to wait for it
	 */
	public ArmedFault arm(Fault fault) {
		return arm(fault, Statements.commit());
	}

	/**
	 * Arm a fault for the next statement of some kind, on whatever connection.
	 * @param fault what is to happen
	 * @param statement which statement, by its SQL
	 * @return the armed fault, to wait for it
	 */
	public ArmedFault arm(Fault fault, Predicate<String> statement) {
		return arm(fault, statement, 1);
	}

	/**
	 * Wait until all armed faults have fired.
	 * @param timeout how long, for each
	 * @throws AssertionError if one did not fire in time, or none was armed
	 */
	public void awaitFault(Duration timeout) {
		if (faults().isEmpty()) {
			throw new AssertionError("No fault was armed");
		}
		faults().forEach((armed) -> armed.await(timeout));
	}

	/**
	 * Return how many faults were armed since the last {@link #disarm()} or
	 * {@link #heal()}.
	 * @return how many
	 */
	public int faultsArmed() {
		return faults().size();
	}

	/**
	 * Return how many faults have fired since the last {@link #disarm()} or
	 * {@link #heal()}.
	 * @return how many
	 */
	public int faultsFired() {
		return (int) faults().stream().filter(ArmedFault::isFired).count();
	}

}
