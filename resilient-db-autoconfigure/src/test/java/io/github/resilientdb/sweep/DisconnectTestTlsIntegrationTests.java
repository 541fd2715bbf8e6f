package io.github.resilientdb.sweep;

import java.util.stream.Stream;

import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.testsupport.TlsPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The test kit on a server that wants TLS, asked for by a property of the driver.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(classes = DisconnectTestIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE,
		properties = { "spring.flyway.enabled=false", "spring.datasource.hikari.maximum-pool-size=2",
				"spring.datasource.hikari.data-source-properties.sslmode=require" })
@DisconnectTest
@EnabledIf(value = "isThere", disabledReason = "There is no PostgreSQL of Debian's, which knows TLS")
class DisconnectTestTlsIntegrationTests {

	private static TlsPostgres server;

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private Retryably tx;

	static boolean isThere() {
		return TlsPostgres.BINARIES.toFile().isDirectory();
	}

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) throws Exception {
		server = TlsPostgres.start();
		properties.add("spring.datasource.url", () -> "jdbc:postgresql://localhost:" + server.port() + "/postgres");
		properties.add("spring.datasource.username", () -> "postgres");
	}

	@AfterAll
	static void stop() throws Exception {
		server.close();
	}

	@TestFactory
	Stream<DynamicTest> survivesEveryDisconnect(DisconnectScenario scenario) {
		return scenario
			.given(() -> this.jdbc
				.execute("create table if not exists note (id bigserial primary key, text text); delete from note"))
			.when(() -> this.tx.call(() -> this.jdbc.update("insert into note (text) values ('a')")))
			.tests();
	}

	@Test
	void theProxySpeaksTlsWithTheServerAndSaysSo(CapturedOutput output) {
		assertThat(this.jdbc.queryForObject("select ssl from pg_stat_ssl where pid = pg_backend_pid()", boolean.class))
			.isTrue();
		assertThat(output).contains("before data source 'dataSource' (",
				"; between them sslmode=disable, the proxy speaks TLS with the server");
	}

}
