package com.example.bank.network;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.example.bank.embedded.EmbeddedDatabase;
import com.example.bank.embedded.EmbeddedDatabaseConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@SpringJUnitConfig(EmbeddedDatabaseConfiguration.class)
class FaultProxyIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@Autowired
	private EmbeddedDatabase database;

	private FaultProxy proxy;

	private URI server;

	@BeforeEach
	void setUp() throws SQLException {
		this.server = URI.create(this.database.getJdbcUrl().substring("jdbc:".length()));
		this.proxy = new FaultProxy(this.server.getHost(), this.server.getPort());
		try (Connection connection = direct()) {
			execute(connection, "create table if not exists booked (id int)");
			execute(connection, "truncate booked");
		}
	}

	@AfterEach
	void close() {
		this.proxy.close();
	}

	/**
	 * From the fifth use on, COMMIT goes by its name.
	 */
	@ParameterizedTest
	@CsvSource({ "REQUEST,1", "REQUEST,8", "REPLY,1", "REPLY,8" })
	void losesACommit(CommitLoss loss, int transactions) throws SQLException {
		try (Connection connection = proxied()) {
			connection.setAutoCommit(false);
			for (int i = 1; i < transactions; i++) {
				execute(connection, "insert into booked values (0)");
				connection.commit();
			}
			this.proxy.loseCommits(loss, 1);
			execute(connection, "insert into booked values (1)");
			assertThat(this.proxy.commitsToLose(loss)).isOne();
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit);
			assertThat(this.proxy.commitsToLose(loss)).isZero();
		}
		assertThat(booked("where id = 0")).isEqualTo(transactions - 1);
		assertThat(booked("where id = 1")).isEqualTo((loss == CommitLoss.REPLY) ? 1 : 0);
	}

	@Test
	void sparesCommits() throws SQLException {
		this.proxy.loseCommits(CommitLoss.REPLY, 3);
		this.proxy.spareCommits(CommitLoss.REPLY);
		try (Connection connection = proxied()) {
			connection.setAutoCommit(false);
			execute(connection, "insert into booked values (1)");
			connection.commit();
		}
		assertThat(booked("")).isOne();
	}

	@Test
	void isSilentUntilItIsHealed() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try (Connection connection = proxied()) {
			this.proxy.silence();
			Future<Object> old = executor.submit(() -> execute(connection, "insert into booked values (1)"));
			Future<Connection> another = executor.submit(this::proxied);
			Awaitility.await().atMost(PATIENCE).until(() -> this.proxy.swallowed() == 2);
			Awaitility.await()
				.atMost(PATIENCE)
				.during(Duration.ofMillis(300))
				.until(() -> !old.isDone() && !another.isDone() && booked("") == 0);
			this.proxy.heal();
			assertThat(old).failsWithin(PATIENCE);
			assertThat(another).failsWithin(PATIENCE);
			assertThat(booked("")).isZero();
			proxied().close();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void tellsWhyTheServerEndedTheSession() throws SQLException {
		try (Connection connection = proxied(); Connection administrator = direct()) {
			execute(connection, "set application_name = 'doomed'");
			execute(administrator,
					"select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = 'doomed'");
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> execute(connection, "insert into booked values (1)"))
				.returns("57P01", SQLException::getSQLState);
		}
	}

	private Connection proxied() throws SQLException {
		return connect(FaultProxy.address(), this.proxy.port());
	}

	private Connection direct() throws SQLException {
		return connect(this.server.getHost(), this.server.getPort());
	}

	private Connection connect(String host, int port) throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://%s:%d/postgres".formatted(host, port),
				this.database.getUsername(), this.database.getPassword());
	}

	private boolean execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			return statement.execute(sql);
		}
	}

	private int booked(String where) throws SQLException {
		try (Connection connection = direct();
				Statement statement = connection.createStatement();
				ResultSet count = statement.executeQuery("select count(*) from booked " + where)) {
			count.next();
			return count.getInt(1);
		}
	}

}
