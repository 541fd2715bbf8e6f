package io.github.resilientdb.sweep;

import java.util.stream.Stream;

import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.testsupport.ContainerPostgresServer;
import io.github.resilientdb.testsupport.ServiceConnectionTest;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.postgresql.PostgreSQLContainer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The test kit with Spring Boot's support for Testcontainers, which sets the address of
 * the database late.
 */
@SpringBootTest(classes = DisconnectTestIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE,
		properties = { "logging.level.root=error", "spring.flyway.enabled=false" })
@DisconnectTest
@ServiceConnectionTest
class DisconnectTestServiceConnectionIntegrationTests {

	@Container
	@ServiceConnection
	private static final PostgreSQLContainer container = ContainerPostgresServer.plainContainer();

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private Retryably tx;

	@TestFactory
	Stream<DynamicTest> survivesEveryDisconnect(DisconnectScenario scenario) {
		return scenario
			.given(() -> this.jdbc
				.execute("create table if not exists note (id bigserial primary key, text text); delete from note"))
			.when(() -> this.tx.call(() -> this.jdbc.update("insert into note (text) values ('a')")))
			.tests();
	}

}
