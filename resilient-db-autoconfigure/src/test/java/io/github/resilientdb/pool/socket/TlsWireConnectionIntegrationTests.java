package io.github.resilientdb.pool.socket;

import io.github.resilientdb.testsupport.TlsPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * {@link WireConnectionTests} over TLS, which reads and writes more than it is asked to.
 */
class TlsWireConnectionIntegrationTests extends WireConnectionTests {

	private TlsPostgres postgres;

	@BeforeAll
	void start() throws Exception {
		assumeThat(TlsPostgres.BINARIES).isDirectory();
		this.postgres = TlsPostgres.start();
	}

	@AfterAll
	void stop() throws Exception {
		if (this.postgres != null) {
			this.postgres.close();
		}
	}

	@Override
	int port() {
		return this.postgres.port();
	}

	@Override
	String url(int port) {
		return "jdbc:postgresql://localhost:%d/postgres?user=postgres&sslmode=require".formatted(port);
	}

}
