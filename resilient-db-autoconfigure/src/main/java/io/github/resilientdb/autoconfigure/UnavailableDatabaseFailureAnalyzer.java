package io.github.resilientdb.autoconfigure;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Tells which database stopped start-up, and why. Hibernate hides that: it goes on
 * without a connection, until it misses its dialect.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class UnavailableDatabaseFailureAnalyzer implements FailureAnalyzer {

	private static final String HIBERNATE_WITHOUT_CONNECTION = "Unable to determine Dialect without JDBC metadata";

	private static final String URL = "spring.datasource.url";

	private static final int MAX_CAUSES = 32;

	// SQLSTATEs of connections that can't be had
	private static final List<String> CONNECTING = List.of("08", "28", "3D", "53300", "57P0");

	private final BeanFactory beanFactory;

	private final Environment environment;

	UnavailableDatabaseFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		if (!isAboutConnecting(failure)) {
			return null;
		}
		return pools().stream()
			.map((pool) -> analyze(pool, failure))
			.flatMap(Optional::stream)
			.findFirst()
			.orElse(null);
	}

	private List<GuardedPool> pools() {
		return (this.beanFactory instanceof ConfigurableListableBeanFactory factory)
				? GuardedPools.rememberedBy(factory).map((pools) -> List.copyOf(pools.all())).orElse(List.of())
				: List.of();
	}

	private Optional<FailureAnalysis> analyze(GuardedPool pool, Throwable failure) {
		return pool.unavailable()
			.map((database) -> new FailureAnalysis(database.description(origin(pool.dataSource())),
					database.action(DatabaseWait.isConfiguredBy(PropertyGroups.of(this.environment))), failure));
	}

	private @Nullable String origin(HikariDataSource dataSource) {
		return Objects.equals(this.environment.getProperty(URL), dataSource.getJdbcUrl())
				? PropertyOrigins.find(this.environment, URL) : null;
	}

	static boolean isAboutConnecting(Throwable failure) {
		Throwable candidate = failure;
		for (int i = 0; candidate != null && i < MAX_CAUSES; i++) {
			String message = candidate.getMessage();
			if (isAboutConnecting(candidate, (message != null) ? message : "")) {
				return true;
			}
			candidate = candidate.getCause();
		}
		return false;
	}

	private static boolean isAboutConnecting(Throwable candidate, String message) {
		String state = (candidate instanceof SQLException ex) ? ex.getSQLState() : null;
		return message.startsWith(HIBERNATE_WITHOUT_CONNECTION)
				|| (state != null && CONNECTING.stream().anyMatch(state::startsWith));
	}

}
