package io.github.resilientdb.integration;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.FaultProxy;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What an application sees of its pool, and what is left of it, with resilient-db and
 * without.
 */
class ApplicationContextIntegrationTests {

	private static final String DISABLED = "resilientdb.enabled=false";

	private static TestDatabase database;

	@BeforeAll
	static void createDatabase() {
		database = TestDatabase.create();
	}

	@Test
	void theDataSourceIsStillHikaris() throws SQLException {
		try (ConfigurableApplicationContext context = TransactionKind.JPA.startWith(database,
				"spring.datasource.hikari.pool-name=bank")) {
			HikariDataSource dataSource = context.getBean(HikariDataSource.class);
			assertThat(dataSource.getPoolName()).isEqualTo("bank");
			assertThat(dataSource.unwrap(HikariDataSource.class)).isSameAs(dataSource);
			assertThat(dataSource.getHikariPoolMXBean().getTotalConnections()).isPositive();
			try (Connection connection = dataSource.getConnection()) {
				assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
				assertThat(connection.unwrap(PGConnection.class).getBackendPID()).isPositive();
			}
		}
	}

	@Test
	void metersAreThoseOfThePoolWithoutIt() {
		Set<String> without;
		try (ConfigurableApplicationContext context = start(DISABLED)) {
			without = poolMeters(context);
		}
		assertThat(without).isNotEmpty();
		try (ConfigurableApplicationContext context = start()) {
			assertThat(poolMeters(context)).isEqualTo(without);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			context.getBean(Notes.class).read();
			Awaitility.await()
				.untilAsserted(
						() -> assertThat(meters.get("hikaricp.connections").gauge().value()).isGreaterThanOrEqualTo(1));
			assertThat(meters.get("hikaricp.connections.max").gauge().value()).isEqualTo(10);
			assertThat(meters.get("jdbc.connections.max").gauge().value()).isEqualTo(10);
			assertThat(meters.get("hikaricp.connections.acquire").timer().count()).isPositive();
			// the first connections may be older than the meters
			context.getBean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
			context.getBean(Notes.class).read();
			Awaitility.await()
				.untilAsserted(
						() -> assertThat(meters.get("hikaricp.connections.creation").timer().count()).isPositive());
			assertThat(context.getBean(DataSourcePoolMetadataProvider.class)
				.getDataSourcePoolMetadata(context.getBean(HikariDataSource.class))).isNotNull();
		}
	}

	private static ConfigurableApplicationContext start(String... properties) {
		return TransactionKind.JPA.startWith(database,
				Stream.concat(Stream.of("spring.datasource.hikari.pool-name=bank"), Arrays.stream(properties))
					.toArray(String[]::new));
	}

	private static Set<String> poolMeters(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> id.getName().startsWith("hikaricp.") || id.getName().startsWith("jdbc."))
			.map(Meter.Id::toString)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@Test
	void healthIsThatOfTheDatabase() {
		Health without;
		try (ConfigurableApplicationContext context = start(DISABLED)) {
			without = databaseHealth(context);
		}
		assertThat(without.getStatus()).isEqualTo(Status.UP);
		try (FaultProxy proxy = FaultProxy.inFrontOf(database.server());
				ConfigurableApplicationContext context = TransactionKind.JPA.start(withShortTimeout(proxy))) {
			assertThat(databaseHealth(context)).isEqualTo(without);
			proxy.cut();
			assertThat(databaseHealth(context)).isEqualTo(without);
			proxy.refuse();
			proxy.cut();
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(databaseHealth(context).getStatus()).isEqualTo(Status.DOWN));
			proxy.accept();
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(databaseHealth(context)).isEqualTo(without));
		}
	}

	private static String[] withShortTimeout(FaultProxy proxy) {
		return Stream.concat(Arrays.stream(database.properties(proxy)), Stream.of("resilientdb.pool.timeout=3s"))
			.toArray(String[]::new);
	}

	private static Health databaseHealth(ConfigurableApplicationContext context) {
		HealthIndicator indicator = (HealthIndicator) context.getBean(HealthContributorRegistry.class)
			.getContributor("db");
		assertThat(indicator).isNotNull();
		return indicator.health();
	}

	@ParameterizedTest
	@EnumSource
	void closingTheContextLeavesNoConnectionAndNoThread(TransactionKind kind) throws Exception {
		// What starts once and stays: the driver's clean-up, say
		useAndClose(kind, DISABLED);
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		useAndClose(kind, "resilientdb.commit.verification=auto");
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
			left.removeAll(before);
			// the driver's is for all pools, and ends half a minute after the last
			// connection
			left.removeIf((thread) -> thread.getName().matches("awaitility.*|PostgreSQL-JDBC-Cleaner"));
			assertThat(left).isEmpty();
		});
	}

	private static void useAndClose(TransactionKind kind, String property) throws Exception {
		String application = TestDatabase.applicationName();
		try (FaultProxy proxy = FaultProxy.inFrontOf(database.server());
				ConfigurableApplicationContext context = kind.start(Stream
					.concat(Arrays.stream(database.properties(proxy)),
							Stream.of(property,
									"spring.datasource.hikari.data-source-properties.ApplicationName=" + application))
					.toArray(String[]::new))) {
			Notes notes = context.getBean(Notes.class);
			notes.retryably(() -> {
				notes.write("first");
				return "done";
			});
			assertThat(database.connections(application)).isPositive();
			proxy.reset();
			proxy.arm(Fault.DROP_RESPONSE);
			if (property.equals(DISABLED)) {
				assertThatException().isThrownBy(() -> notes.retryably(() -> {
					notes.write("second");
					return "done";
				}));
			}
			else {
				notes.retryably(() -> {
					notes.write("second");
					return "done";
				});
			}
		}
		Awaitility.await().until(() -> database.connections(application) == 0);
		if (property.equals(DISABLED)) {
			// without us, the driver forgets to close the sockets of connections that
			// were
			// reset; they end when they are collected
			System.gc();
		}
	}

	@Test
	void disabledLeavesNothing() {
		Properties before = (Properties) System.getProperties().clone();
		try (ConfigurableApplicationContext disabled = start(DISABLED);
				ConfigurableApplicationContext without = start(withoutAutoConfiguration())) {
			assertThat(disabled.getBeanDefinitionNames()).containsExactlyInAnyOrder(without.getBeanDefinitionNames());
			assertThat(disabled.getBeanFactory().getSingletonNames())
				.containsExactlyInAnyOrder(without.getBeanFactory().getSingletonNames());
			HikariDataSource dataSource = disabled.getBean(HikariDataSource.class);
			assertThat(dataSource).isExactlyInstanceOf(HikariDataSource.class);
			assertThat(dataSource).usingRecursiveComparison()
				.comparingOnlyFields("maxPoolSize", "connectionTimeout", "maxLifetime", "validationTimeout",
						"keepaliveTime", "exceptionOverrideClassName", "exceptionOverride", "dataSource")
				.isEqualTo(without.getBean(HikariDataSource.class));
			assertThat(settings(disabled)).containsOnly("resilientdb.enabled");
			assertThat(settings(without)).containsOnly("spring.autoconfigure.exclude");
		}
		assertThat(System.getProperties()).isEqualTo(before);
	}

	@Test
	void enabledLeavesNoSystemProperty() {
		try (ConfigurableApplicationContext context = start(DISABLED)) {
			assertThat(context.isActive()).isTrue();
		}
		Properties before = (Properties) System.getProperties().clone();
		try (ConfigurableApplicationContext context = start()) {
			assertThat(context.isActive()).isTrue();
		}
		assertThat(System.getProperties()).isEqualTo(before);
	}

	@ParameterizedTest
	@EnumSource
	void disabledTheAnnotationIsThatOfSpring(TransactionKind kind) {
		try (ConfigurableApplicationContext context = kind.startWith(database, DISABLED)) {
			Notes notes = context.getBean(Notes.class);
			int[] attempts = new int[1];
			assertThatException().isThrownBy(() -> notes.retryably(() -> {
				attempts[0]++;
				notes.write("disabled");
				database.kill(notes.backend());
				notes.write("disabled");
				return "done";
			}));
			assertThat(attempts[0]).isOne();
			assertThat(notes.read()).doesNotContain("disabled");
		}
	}

	private static String withoutAutoConfiguration() {
		return "spring.autoconfigure.exclude=" + String.join(",", OurAutoConfigurations.names());
	}

	private static List<String> settings(ConfigurableApplicationContext context) {
		return context.getEnvironment()
			.getPropertySources()
			.stream()
			.filter(EnumerablePropertySource.class::isInstance)
			.map((source) -> Arrays.asList(((EnumerablePropertySource<?>) source).getPropertyNames()))
			.flatMap(Collection::stream)
			.filter((name) -> name.startsWith("resilientdb.") || name.equals("spring.autoconfigure.exclude"))
			.filter((name) -> !name.startsWith("resilientdb.test."))
			.distinct()
			.toList();
	}

}
