package io.github.resilientdb.pool.socket;

import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * {@link WireConnectionTests} without encryption.
 */
class PlainWireConnectionIntegrationTests extends WireConnectionTests {

	private EmbeddedPostgresServer postgres;

	@BeforeAll
	void start() {
		this.postgres = PostgresServer.embedded().start();
	}

	@AfterAll
	void stop() {
		this.postgres.close();
	}

	@Override
	int port() {
		return this.postgres.port();
	}

	@Override
	String url(int port) {
		return "jdbc:postgresql://localhost:%d/postgres?user=postgres".formatted(port);
	}

}
