package io.github.resilientdb.sweep;

import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * The database of a test class that leaves the proxy to the test kit. As an extension it
 * goes with the class.
 */
public final class SweepDatabase implements AfterAllCallback {

	private final PostgresServer server = PostgresServer.shared();

	private final String name = this.server.createDatabase();

	/**
	 * Create a database.
	 * @param statements what it needs
	 */
	public SweepDatabase(String... statements) {
		this.server.executeIn(this.name, statements);
	}

	/**
	 * Say where the database is, without Flyway.
	 * @param properties the properties of the test
	 * @param poolSize how many connections the pool has
	 */
	public void register(DynamicPropertyRegistry properties, int poolSize) {
		properties.add("spring.datasource.url", () -> this.server.jdbcUrl(this.name));
		properties.add("spring.datasource.username", this.server::username);
		properties.add("spring.datasource.password", this.server::password);
		properties.add("spring.datasource.hikari.maximum-pool-size", () -> poolSize);
		properties.add("spring.flyway.enabled", () -> false);
	}

	PostgresServer server() {
		return this.server;
	}

	@Override
	public void afterAll(ExtensionContext testClass) {
		this.server.dropDatabase(this.name);
	}

}
