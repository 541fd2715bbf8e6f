package io.github.resilientdb.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;

import io.github.resilientdb.autoconfigure.Pages.Block;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests that the SQL of the documentation does what it is shown for.
 */
class DocumentedStatementsIntegrationTests {

	private static PostgresServer server;

	@BeforeAll
	static void startServer() {
		server = PostgresServer.embedded().start();
		server.execute("create role app login");
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@Test
	void everyStatementIsUnderstood() throws Exception {
		server.execute(new ClassPathResource("io/github/resilientdb/commit/postgresql/resilientdb-commit-marker.sql")
			.getContentAsString(StandardCharsets.UTF_8));
		try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
			assertThat(Pages.blocks("sql")).isNotEmpty()
				.allSatisfy((block) -> assertThatNoException().as(block.page())
					.isThrownBy(() -> statement.execute(sql(block))));
		}
	}

	@Test
	void theQuickStartEndsSessions() throws Exception {
		Block kill = Pages.blocks("sql")
			.stream()
			.filter((block) -> block.text().contains("pg_terminate_backend"))
			.findFirst()
			.orElseThrow();
		try (Connection victim = server.connect();
				Connection connection = server.connect();
				Statement statement = connection.createStatement()) {
			statement.execute(sql(kill));
			assertThat(victim.isValid(10)).isFalse();
			assertThat(connection.isValid(10)).isTrue();
		}
	}

	// psql repeats it
	private static String sql(Block block) {
		return block.text().replaceFirst("\\\\watch \\d+", "");
	}

}
