package io.github.resilientdb.pool;

import java.sql.Connection;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;

import io.github.resilientdb.pool.socket.WireTicket;
import io.github.resilientdb.testsupport.CapturedLog;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.UnresponsivePort;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All the ways in which a pool may be told what to connect to.
 */
@ExtendWith(CapturedLog.Extension.class)
class ConfigurationsIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	@Test
	void aPlainUrlIsProbed() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).build()) {
			survivesTermination(pool);
			assertThat(HikariTakeover.probeUnavailable(pool.dataSource())).isNull();
		}
	}

	@Test
	void theDriverMayBeNamed() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.hikari((config) -> config.setDriverClassName("org.postgresql.Driver"))
			.build()) {
			survivesTermination(pool);
			assertThat(HikariTakeover.probeUnavailable(pool.dataSource())).isNull();
		}
	}

	@Test
	void propertiesOfTheDriverAreKept() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.hikari((config) -> config.addDataSourceProperty("ApplicationName", "named"))
			.build()) {
			survivesTermination(pool);
			assertThat(server.queryForInt("select count(*) from pg_stat_activity where application_name = 'named'"))
				.isPositive();
		}
	}

	@Test
	void ofSeveralHostsTheFirstMayBeDead() throws Exception {
		try (UnresponsivePort dead = new UnresponsivePort();
				TestPool pool = TestPool
					.to(server,
							"jdbc:postgresql://127.0.0.1:1,127.0.0.1:%d,127.0.0.1:%d/%s?connectTimeout=1"
								.formatted(dead.address().getPort(), server.port(), database))
					.timeout(Duration.ofSeconds(20))
					.size(2)
					.build()) {
			survivesTermination(pool);
			assertThat(HikariTakeover.probeUnavailable(pool.dataSource())).isNull();
			// the second connection may be being opened
			Awaitility.await().untilAsserted(() -> assertThat(WireTicket.underWay()).isZero());
		}
	}

	@Test
	void ofSeveralHostsThePrimaryIsTaken() throws Exception {
		try (EmbeddedPostgresServer primary = PostgresServer.embedded().start();
				EmbeddedPostgresServer standby = PostgresServer.streamingStandbyOf(primary)) {
			standby.start();
			try (TestPool pool = TestPool
				.to(primary,
						"jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres?targetServerType=primary"
							.formatted(standby.port(), primary.port()))
				.size(2)
				.timeout(Duration.ofSeconds(20))
				.build()) {
				assertThat(port(pool)).isEqualTo(primary.port());
				primary.stop(PostgresServer.Mode.FAST);
				standby.promote();
				Awaitility.await()
					.atMost(Duration.ofSeconds(30))
					.ignoreExceptions()
					.until(() -> port(pool) == standby.port());
			}
		}
	}

	private static int port(TestPool pool) throws Exception {
		try (Connection connection = pool.borrow()) {
			return TestPool.queryForInt(connection, "select setting::int from pg_settings where name = 'port'");
		}
	}

	@Test
	void aClassNameOfADataSourceWorksWithoutTheProbe() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).hikari((config) -> {
			config.setJdbcUrl(null);
			config.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
			config.addDataSourceProperty("url", server.jdbcUrl(database));
		}).build()) {
			survivesTermination(pool);
			assertThat(HikariTakeover.probeUnavailable(pool.dataSource())).contains("dataSourceClassName");
		}
	}

	@Test
	void aDataSourceWorksWithoutTheProbe() throws Exception {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(server.jdbcUrl(database));
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.hikari((config) -> config.setDataSource(dataSource))
			.build()) {
			survivesTermination(pool);
			assertThat(HikariTakeover.probeUnavailable(pool.dataSource())).contains("a DataSource is configured");
			assertThat(pool.dataSource().unwrap(PGSimpleDataSource.class)).isSameAs(dataSource);
		}
	}

	@Test
	void aDataSourceOfADirectoryWorksWithoutTheProbe() throws Exception {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(server.jdbcUrl(database));
		Directory.names.put("jdbc/main", dataSource);
		System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Directory.class.getName());
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).hikari((config) -> {
			config.setJdbcUrl(null);
			config.setDataSourceJNDI("jdbc/main");
		}).build()) {
			survivesTermination(pool);
			assertThat(HikariTakeover.probeUnavailable(pool.dataSource())).contains("a JNDI DataSource is configured");
		}
		finally {
			System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
		}
	}

	@Test
	void aSocketFactoryOfTheUsersWins() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.hikari((config) -> config.addDataSourceProperty("socketFactory", UsersSocketFactory.class.getName()))
			.build()) {
			assertThat(HikariTakeover.probeUnavailable(pool.dataSource())).contains("socketFactory");
		}
		try (TestPool pool = TestPool
			.to(server, server.jdbcUrl(database) + "?socketFactory=" + UsersSocketFactory.class.getName())
			.build()) {
			survivesTermination(pool);
			assertThat(HikariTakeover.probeUnavailable(pool.dataSource())).contains("socketFactory");
			assertThat(UsersSocketFactory.isUsed()).isTrue();
		}
	}

	@Test
	void aSocksProxyOfTheJvmIsLeftToTheDriver() {
		System.setProperty("socksProxyHost", "127.0.0.1");
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).build()) {
			assertThat(HikariTakeover.probeUnavailable(pool.dataSource())).contains("SOCKS");
		}
		finally {
			System.clearProperty("socksProxyHost");
		}
	}

	@Test
	void aTestQueryIsIgnoredAndThatIsSaid(CapturedLog log) throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.hikari((config) -> config.setConnectionTestQuery("select no_such_column"))
			.build()) {
			survivesTermination(pool);
			assertThat(log).contains("Ignoring connection-test-query 'select no_such_column'")
				.contains("Remove the property");
		}
	}

	@Test
	void otherDatabasesWorkWithoutTheProbe() throws Exception {
		try (TestPool pool = TestPool.to(server, "jdbc:h2:mem:configurations")
			.hikari((config) -> config.setUsername("sa"))
			.size(1)
			.build()) {
			assertThat(HikariTakeover.probeUnavailable(pool.dataSource())).contains("not PostgreSQL's own");
			for (int i = 0; i < 3; i++) {
				try (Connection connection = pool.borrow()) {
					assertThat(TestPool.queryForInt(connection, "select 1")).isOne();
				}
			}
			assertThat(pool.count("pinged true")).isGreaterThanOrEqualTo(2);
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	private static void survivesTermination(TestPool pool) throws Exception {
		pool.fill(2);
		assertThat(server.terminateSessions(database)).isPositive();
		for (int i = 0; i < 4; i++) {
			assertThat(pool.backend()).isPositive();
		}
	}

	/**
	 * A directory as an application server has it.
	 */
	public static final class Directory extends InitialContext implements InitialContextFactory {

		private static final Map<String, Object> names = new ConcurrentHashMap<>();

		public Directory() throws NamingException {
			super(true);
		}

		@Override
		public Context getInitialContext(Hashtable<?, ?> environment) {
			return this;
		}

		@Override
		public Object lookup(String name) {
			return names.get(name);
		}

	}

}
