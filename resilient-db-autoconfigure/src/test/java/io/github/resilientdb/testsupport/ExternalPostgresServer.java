package io.github.resilientdb.testsupport;

import java.net.URI;
import java.util.EnumSet;
import java.util.Set;

/**
 * A server that runs somewhere and is none of our business but for its sessions, named by
 * the system properties {@code resilientdb.test.url}, {@code .username} and
 * {@code .password}.
 */
final class ExternalPostgresServer extends PostgresServer {

	private final URI address;

	private final String username;

	private final String password;

	ExternalPostgresServer(String url, String username, String password) {
		String prefix = "jdbc:";
		if (!url.startsWith("jdbc:postgresql://")) {
			throw new IllegalArgumentException(
					"Invalid resilientdb.test.url (" + url + "): must be jdbc:postgresql://host:port/database");
		}
		this.address = URI.create(url.substring(prefix.length()));
		this.username = username;
		this.password = password;
	}

	static ExternalPostgresServer fromSystemProperties() {
		return new ExternalPostgresServer(required("resilientdb.test.url"), required("resilientdb.test.username"),
				System.getProperty("resilientdb.test.password", ""));
	}

	private static String required(String name) {
		String value = System.getProperty(name);
		if (value == null) {
			throw new IllegalArgumentException("Missing system property " + name + " of the external server");
		}
		return value;
	}

	@Override
	public void start() {
		awaitConnections();
	}

	@Override
	public void stop(Mode mode) {
		assumeSupports(Capability.RESTART);
	}

	@Override
	public boolean isRunning() {
		return true;
	}

	@Override
	public void pause() {
		assumeSupports(Capability.PAUSE);
	}

	@Override
	public void resume() {
		// never paused
	}

	@Override
	protected void signalBackend(int pid) {
		assumeSupports(Capability.CRASH);
	}

	@Override
	protected Set<Capability> capabilities() {
		boolean superuser = queryForInt("select count(*) from pg_roles where rolname = current_user and rolsuper") == 1;
		return (superuser ? EnumSet.of(Capability.SUPERUSER, Capability.TERMINATE) : EnumSet.of(Capability.TERMINATE));
	}

	@Override
	public String host() {
		return this.address.getHost();
	}

	@Override
	public int port() {
		return ((this.address.getPort() > 0) ? this.address.getPort() : 5432);
	}

	@Override
	public String database() {
		return this.address.getPath().substring(1);
	}

	@Override
	public String username() {
		return this.username;
	}

	@Override
	public String password() {
		return this.password;
	}

	@Override
	public void close() {
		// not ours
	}

}
