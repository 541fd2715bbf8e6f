package io.github.resilientdb.integration;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Reading without a transaction of one's own.
 */
@SpringBootTest(classes = JdbcApplication.class, webEnvironment = WebEnvironment.NONE)
class ReconnectingClientIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	@Autowired
	@Qualifier("reconnecting")
	private JdbcClient reconnecting;

	@Autowired
	private JdbcClient ordinary;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", () -> server.jdbcUrl(database));
		registry.add("spring.datasource.username", server::username);
		registry.add("spring.datasource.password", server::password);
	}

	@Test
	void aQueryOutlivesItsConnection() throws Exception {
		try (Connection holder = DriverManager.getConnection(server.jdbcUrl(database), server.username(),
				server.password()); Statement statement = holder.createStatement()) {
			statement.execute("select pg_advisory_lock(7)");
			Running<Void> killer = ThreadKind.PLATFORM.start(() -> {
				try {
					Awaitility.await().until(ReconnectingClientIntegrationTests::endTheSessionThatWaits);
				}
				finally {
					statement.execute("select pg_advisory_unlock(7)");
				}
				return null;
			});
			assertThat(this.reconnecting.sql("select 7 from pg_advisory_xact_lock(7) -- reconnect me")
				.query(Integer.class)
				.single()).isEqualTo(7);
			killer.result();
		}
	}

	private static boolean endTheSessionThatWaits() {
		String pid = server.queryForString("select max(pid) from pg_stat_activity where wait_event = 'advisory' "
				+ "and query like '%reconnect me%'");
		return pid != null && server.terminateBackend(Integer.parseInt(pid));
	}

	@Test
	void itsResultIsReadAgainFromTheBeginning() {
		AtomicInteger read = new AtomicInteger();
		List<Integer> rows = this.reconnecting.sql("select pg_backend_pid(), i from generate_series(1, 3) i")
			.query((row, number) -> {
				assertThat(TransactionSynchronizationManager.isCurrentTransactionReadOnly()).isTrue();
				if (read.incrementAndGet() == 2) {
					server.terminateBackend(row.getInt(1));
					row.getStatement().getConnection().createStatement().execute("select 1");
				}
				return row.getInt(2);
			})
			.list();
		assertThat(rows).containsExactly(1, 2, 3);
		assertThat(read).hasValue(5);
	}

	@Test
	void aStreamIsReadBeforeItIsReturned() {
		assertThat(this.reconnecting.sql("select i from generate_series(1, 3) i").query(Integer.class).stream())
			.containsExactly(1, 2, 3);
	}

	@Test
	void itOnlyReads() {
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class)
			.isThrownBy(() -> this.reconnecting.sql("create table t (i int)").update());
		assertThat(this.ordinary.sql("select 1").query(Integer.class).single()).isOne();
		assertThat(this.ordinary).isNotSameAs(this.reconnecting);
	}

}
