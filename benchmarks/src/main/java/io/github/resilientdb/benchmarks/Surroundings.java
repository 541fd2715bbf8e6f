package io.github.resilientdb.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.test.proxy.FaultProxy;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The applications that a benchmark compares, and the network between them and the
 * server. Everything is had as a user would have it: through Spring Boot.
 */
final class Surroundings implements AutoCloseable {

	/**
	 * Leaves Micrometer out.
	 */
	static final String UNOBSERVED = "spring.autoconfigure.exclude="
			+ "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration,"
			+ "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration,"
			+ "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration,"
			+ "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration";

	private static final String NO_JPA = ",org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
			+ "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration";

	private final Server server;

	private final int threads;

	private final @Nullable FaultProxy proxy;

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	/**
	 * Create the surroundings.
	 * @param server the server
	 * @param threads how many threads there are, and connections in each pool
	 */
	Surroundings(Server server, int threads) {
		this(server, threads, null);
	}

	private Surroundings(Server server, int threads, @Nullable FaultProxy proxy) {
		this.server = server;
		this.threads = threads;
		this.proxy = proxy;
	}

	/**
	 * Create surroundings in which messages are counted.
	 * @param server the server
	 * @param threads how many threads there are, and connections in each pool
	 * @return the surroundings
	 */
	static Surroundings counting(Server server, int threads) {
		return new Surroundings(server, threads, server.behindProxy());
	}

	/**
	 * Return how many messages were sent to the server so far.
	 * @return the number of messages, of all kinds
	 */
	long messages() {
		if (this.proxy == null) {
			throw new IllegalStateException("Nothing counts messages");
		}
		return this.proxy.traffic().messagesFromClient();
	}

	Connection connect() throws SQLException {
		return DriverManager.getConnection(jdbcUrl(), this.server.username(), this.server.password());
	}

	private String jdbcUrl() {
		return (this.proxy != null) ? this.server.at("127.0.0.1", this.proxy.port()).jdbcUrl() : this.server.jdbcUrl();
	}

	DataSource plainPool(String... properties) {
		String[] plain = new String[properties.length + 1];
		System.arraycopy(properties, 0, plain, 0, properties.length);
		plain[properties.length] = "resilientdb.enabled=false";
		return start(BankApplication.class, plain).getBean(HikariDataSource.class);
	}

	DataSource guardedPool(String... properties) {
		return start(BankApplication.class, properties).getBean(HikariDataSource.class);
	}

	ConfigurableApplicationContext start(Class<?> application, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--spring.main.banner-mode=off",
				"--spring.main.register-shutdown-hook=false", "--spring.main.web-application-type=none",
				"--spring.datasource.url=" + jdbcUrl(), "--spring.datasource.username=" + this.server.username(),
				"--spring.datasource.password=" + this.server.password(),
				"--spring.datasource.hikari.maximum-pool-size=" + this.threads));
		if (application == BankApplication.class) {
			arguments.add("--" + UNOBSERVED + NO_JPA);
		}
		for (String property : properties) {
			arguments.add("--" + property);
		}
		ConfigurableApplicationContext context = SpringApplication.run(application, arguments.toArray(String[]::new));
		this.contexts.add(context);
		return context;
	}

	/**
	 * Wait until no pool opens connections any more.
	 */
	void settle() {
		for (ConfigurableApplicationContext context : this.contexts) {
			context.getBeanProvider(HikariDataSource.class).forEach(this::settle);
		}
	}

	private void settle(HikariDataSource pool) {
		if (pool.getHikariPoolMXBean() != null) {
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> pool.getHikariPoolMXBean().getTotalConnections() == this.threads);
		}
	}

	@Override
	public void close() {
		Collections.reverse(this.contexts);
		this.contexts.forEach(ConfigurableApplicationContext::close);
		if (this.proxy != null) {
			this.proxy.close();
		}
	}

}
