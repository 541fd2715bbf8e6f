package io.github.resilientdb.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.ConnectionPools;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.HikariCheckpointRestoreLifecycle;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.metrics.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which beans are guarded, and that what Boot offers for them goes on working.
 */
@ExtendWith(OutputCaptureExtension.class)
class GuardedDataSourcesIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
				ResilientDbDisconnectAutoConfiguration.class, ResilientDbPoolAutoConfiguration.class,
				ResilientDbRetryAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(database),
				"spring.datasource.username=" + server.username(), "spring.datasource.password=" + server.password());

	@Test
	void oneLineSaysHowAPoolIsGuarded(CapturedOutput output) {
		this.contextRunner.withPropertyValues("resilientdb.pool.size=3", "resilientdb.pool.recycle=5s")
			.run((context) -> {
				assertThat(context).hasSingleBean(HikariDataSource.class);
				assertThat(context.getBean(DataSource.class)).isInstanceOf(ConnectionPool.class);
				assertThat(output).containsOnlyOnce("DataSource 'dataSource' is guarded: mode pooled, size 3, "
						+ "timeout 10s, recycle 5s, pre-ping always after 500ms, ping-timeout 1s, "
						+ "reset-on-return rollback, checked by a look at the socket");
			});
	}

	@Test
	void aPoolWithoutTheProbeSaysWhy(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues("spring.datasource.hikari.data-source-properties.socketFactory=example.Factory")
			.run((context) -> assertThat(output)
				.contains("checked by round trips only, since a socketFactory is configured"));
	}

	@Test
	void nothingIsDoneWhenDisabled(CapturedOutput output) {
		this.contextRunner.withPropertyValues("resilientdb.enabled=false").run((context) -> {
			assertThat(context.getBean(DataSource.class).getClass()).isEqualTo(HikariDataSource.class);
			assertThat(output).doesNotContain("is guarded");
		});
	}

	@Test
	void eachDataSourceHasItsOwnSettings() {
		this.contextRunner.withUserConfiguration(TwoPools.class)
			.withPropertyValues("resilientdb.pool.size=4", "resilientdb.datasources.second.size=2",
					"resilientdb.datasources.excluded.enabled=false")
			.run((context) -> {
				assertThat(context.getBean("first", HikariDataSource.class).getMaximumPoolSize()).isEqualTo(4);
				assertThat(context.getBean("second", HikariDataSource.class).getMaximumPoolSize()).isEqualTo(2);
				assertThat(context.getBean(ConnectionPools.class).getPools()).containsOnlyKeys("first", "second");
				assertThat(context.getBean("excluded").getClass()).isEqualTo(HikariDataSource.class);
				assertThat(context.getBean("routing").getClass()).isEqualTo(Routing.class);
				assertThat(context.getBean("lazy").getClass()).isEqualTo(LazyConnectionDataSourceProxy.class);
				killSessions();
				assertThat(new JdbcTemplate((DataSource) context.getBean("routing")).queryForObject("select 1",
						Integer.class))
					.isOne();
			});
	}

	@Test
	void aScopedDataSourceIsGuardedUnderTheNameOfItsBean() {
		this.contextRunner
			.withInitializer((context) -> context.getBeanFactory().registerScope("own", new SimpleThreadScope()))
			.withUserConfiguration(ScopedPool.class)
			.withPropertyValues("resilientdb.datasources.scoped.size=2")
			.run((context) -> {
				DataSource scoped = context.getBean("scoped", DataSource.class);
				HikariDataSource pool = context.getBean(ScopedProxyUtils.getTargetBeanName("scoped"),
						HikariDataSource.class);
				assertThat(pool).isInstanceOf(ConnectionPool.class);
				assertThat(pool.getMaximumPoolSize()).isEqualTo(2);
				JdbcTemplate jdbc = new JdbcTemplate(scoped);
				int before = backend(jdbc);
				killSessions();
				assertThat(backend(jdbc)).isNotEqualTo(before);
				pool.close();
			});
	}

	@Test
	void whatIsNotGuardedIsNamedWithTheFix(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(Unguarded.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("DataSource 'started' is not guarded: its pool has started already")
				.contains("DataSource 'subclass' is not guarded: it is of a subclass of HikariDataSource")
				.contains("DataSource 'plain' is not guarded: it is no HikariDataSource")
				.contains("resilientdb.datasources.plain.enabled")
				.doesNotContain("'embedded'");
		});
	}

	@Test
	void lazyFetchingOfConnectionsWorks() {
		this.contextRunner.withPropertyValues("spring.datasource.connection-fetch=lazy").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(ConnectionPools.class).getPools()).hasSize(1);
			killSessions();
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class)).isOne();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "pooled", "none" })
	void aBodyThatRanIsAnAttemptThoughItsLazyConnectionCouldNotBeHad(String mode) {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server)) {
			proxy.refuse();
			this.contextRunner.withUserConfiguration(Lazy.class)
				.withPropertyValues("spring.datasource.url=" + proxy.jdbcUrl(database), "resilientdb.pool.mode=" + mode,
						"resilientdb.pool.timeout=250ms", "resilientdb.retry.max-attempts=2",
						"resilientdb.retry.deadline=1m")
				.run((context) -> {
					JdbcTemplate jdbc = new JdbcTemplate(context.getBean(JdbcTransactionManager.class).getDataSource());
					int[] attempts = new int[1];
					assertThatExceptionOfType(DataAccessException.class).isThrownBy(
							() -> context.getBean(RetryableTransactionTemplate.class).executeWithoutResult((status) -> {
								attempts[0]++;
								jdbc.execute("select 1");
							}));
					assertThat(attempts[0]).isEqualTo(2);
				});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "pooled", "none" })
	void templatesTransactionsAndRerunsWork(String mode) {
		this.contextRunner.withPropertyValues("resilientdb.pool.mode=" + mode).run((context) -> {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			jdbc.execute("create table if not exists rerun (i int)");
			jdbc.update("delete from rerun");
			int[] attempts = new int[1];
			context.getBean(RetryableTransactionTemplate.class).executeWithoutResult((status) -> {
				jdbc.update("insert into rerun values (1)");
				if (attempts[0]++ == 0) {
					server.terminateBackend(jdbc.queryForObject("select pg_backend_pid()", Integer.class));
				}
				jdbc.update("insert into rerun values (2)");
			});
			assertThat(attempts[0]).isEqualTo(2);
			assertThat(jdbc.queryForObject("select count(*) from rerun", Integer.class)).isEqualTo(2);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "pooled", "none" })
	void metersAndHealthWork(String mode) {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					DataSourcePoolMetricsAutoConfiguration.class, DataSourceHealthContributorAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("resilientdb.pool.mode=" + mode)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class)).isOne();
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				assertThat(meters.getMeters()).isNotEmpty()
					.allSatisfy((meter) -> assertThat(meter.measure()).isNotEmpty());
				if (mode.equals("pooled")) {
					assertThat(meters.find("hikaricp.connections").gauge()).isNotNull();
					assertThat(meters.get("hikaricp.connections.timeout").counter().count()).isZero();
				}
				var health = (org.springframework.boot.health.contributor.HealthIndicator) context
					.getBean("dbHealthContributor");
				assertThat(health.health().getStatus().getCode()).isEqualTo("UP");
			});
	}

	@Test
	void aRestartedContextUsesNoConnectionFromBefore() {
		this.contextRunner.run((context) -> {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			int before = backend(jdbc);
			assertThat(backend(jdbc)).isEqualTo(before);
			Connection inUse = context.getBean(DataSource.class).getConnection();
			context.getSourceApplicationContext().stop();
			context.getSourceApplicationContext().start();
			inUse.close();
			int after = backend(jdbc);
			assertThat(after).isNotEqualTo(before);
			assertThat(backend(jdbc)).isPositive();
			context.getSourceApplicationContext().stop();
			context.getSourceApplicationContext().start();
			assertThat(backend(jdbc)).isNotIn(before, after);
		});
	}

	@Test
	void theCheckpointOfBootWorks() {
		this.contextRunner
			.withPropertyValues("spring.datasource.hikari.allow-pool-suspension=true", "resilientdb.pool.size=5")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
				int before = backend(jdbc);
				HikariPoolMXBean pool = context.getBean(HikariDataSource.class).getHikariPoolMXBean();
				Awaitility.await().until(() -> pool.getIdleConnections() == 5);
				HikariCheckpointRestoreLifecycle lifecycle = new HikariCheckpointRestoreLifecycle(
						context.getBean(DataSource.class), context.getSourceApplicationContext());
				lifecycle.start();
				lifecycle.stop();
				Awaitility.await()
					.until(() -> server
						.queryForInt("select count(*) from pg_stat_activity where datname = '" + database + "'") == 0);
				lifecycle.start();
				assertThat(backend(jdbc)).isNotEqualTo(before);
			});
	}

	@Test
	void closingTheContextLeavesNoConnectionAndNoThread() {
		HikariDataSource[] pool = new HikariDataSource[1];
		this.contextRunner.withPropertyValues("spring.datasource.hikari.pool-name=closed-with-context")
			.run((context) -> {
				pool[0] = context.getBean(HikariDataSource.class);
				assertThat(backend(context.getBean(JdbcTemplate.class))).isPositive();
			});
		assertThat(pool[0].isClosed()).isTrue();
		assertThatExceptionOfType(SQLException.class).isThrownBy(pool[0]::getConnection);
		Awaitility.await()
			.until(() -> server
				.queryForInt("select count(*) from pg_stat_activity where datname = '" + database + "'") == 0);
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().startsWith("closed-with-context")));
	}

	@Test
	void theFirstCheckoutAfterAColdStartIsGuardedByTheRetryDeadline() {
		this.contextRunner
			.withPropertyValues("spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x",
					"resilientdb.retry.deadline=600ms")
			.run((context) -> {
				long start = System.nanoTime();
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> context.getBean(DataSource.class).getConnection())
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08001"));
				assertThat(System.nanoTime() - start).isBetween(500_000_000L, 9_000_000_000L);
			});
	}

	private static int backend(JdbcTemplate jdbc) {
		Integer backend = jdbc.queryForObject("select pg_backend_pid()", Integer.class);
		return (backend != null) ? backend : 0;
	}

	private static void killSessions() {
		server.terminateSessions(database);
	}

	private static HikariDataSource pool() {
		return DataSourceBuilder.create()
			.type(HikariDataSource.class)
			.url(server.jdbcUrl(database))
			.username(server.username())
			.password(server.password())
			.build();
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools {

		@Bean
		@Primary
		HikariDataSource first() {
			return pool();
		}

		@Bean
		HikariDataSource second() {
			return pool();
		}

		@Bean
		HikariDataSource excluded() {
			return pool();
		}

		@Bean
		DataSource routing(HikariDataSource first) {
			Routing routing = new Routing();
			routing.setTargetDataSources(Map.of("first", first));
			routing.setDefaultTargetDataSource(first);
			return routing;
		}

		@Bean
		DataSource lazy(HikariDataSource first) {
			return new LazyConnectionDataSourceProxy(first);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedPool {

		@Bean
		@Scope(scopeName = "own", proxyMode = ScopedProxyMode.TARGET_CLASS)
		HikariDataSource scoped() {
			return pool();
		}

	}

	static class Routing extends AbstractRoutingDataSource {

		@Override
		protected Object determineCurrentLookupKey() {
			return "first";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Unguarded {

		@Bean
		@Primary
		HikariDataSource started() {
			HikariConfig config = new HikariConfig();
			config.setJdbcUrl(server.jdbcUrl(database));
			config.setUsername(server.username());
			config.setPassword(server.password());
			return new HikariDataSource(config);
		}

		@Bean
		HikariDataSource subclass() {
			return new HikariDataSource() {
			};
		}

		@Bean
		DataSource plain() {
			return new SimpleDriverDataSource();
		}

		@Bean(destroyMethod = "shutdown")
		DataSource embedded() {
			return new EmbeddedDatabaseBuilder().generateUniqueName(true).setType(EmbeddedDatabaseType.H2).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Lazy {

		/**
		 * With the defaults, which it would otherwise ask a connection for.
		 */
		@Bean
		JdbcTransactionManager transactionManager(DataSource dataSource) {
			LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy();
			lazy.setDefaultAutoCommit(true);
			lazy.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
			lazy.setTargetDataSource(dataSource);
			return new JdbcTransactionManager(lazy);
		}

	}

}
