package io.github.resilientdb.pool.socket;

import java.io.IOException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * {@link WireConnectionTests} without encryption.
 */
class PlainWireConnectionIntegrationTests extends WireConnectionTests {

	private EmbeddedPostgres postgres;

	@BeforeAll
	void start() throws IOException {
		this.postgres = EmbeddedPostgres.start();
	}

	@AfterAll
	void stop() throws IOException {
		this.postgres.close();
	}

	@Override
	int port() {
		return this.postgres.getPort();
	}

	@Override
	String url(int port) {
		return "jdbc:postgresql://localhost:%d/postgres?user=postgres".formatted(port);
	}

}
