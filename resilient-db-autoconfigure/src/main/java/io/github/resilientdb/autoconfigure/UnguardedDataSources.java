package io.github.resilientdb.autoconfigure;

import java.sql.SQLException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.SpringProxy;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Names the DataSource beans that are not guarded, with what to do about it.
 */
final class UnguardedDataSources {

	private static final Logger logger = LoggerFactory.getLogger(UnguardedDataSources.class);

	private UnguardedDataSources() {
	}

	static void excluded(String name) {
		logger.atInfo().addKeyValue("bean", name).log("DataSource '{}' is excluded and not guarded", name);
	}

	static void subclass(String name, DataSource dataSource) {
		warn(name, "it is of a subclass of HikariDataSource (%s); declare the bean as a plain HikariDataSource"
			.formatted(dataSource.getClass().getName()));
	}

	static void started(String name) {
		warn(name, "its pool has started already; create it with new HikariDataSource() and setters, or with "
				+ "DataSourceBuilder, instead of new HikariDataSource(config)");
	}

	/**
	 * A bean that is no pool of HikariCP's. What merely leads to others, which are beans
	 * themselves, and databases of tests are nothing to warn of.
	 */
	static void other(String name, DataSource dataSource) {
		if (!leadsToOthers(dataSource) && !(dataSource instanceof EmbeddedDatabase)) {
			warn(name,
					"it is no HikariDataSource (%s); declare it as one, for example with DataSourceBuilder, or set "
						.formatted(dataSource.getClass().getName())
							+ "resilientdb.datasources.%s.enabled to false".formatted(name));
		}
	}

	private static boolean leadsToOthers(DataSource dataSource) {
		return dataSource instanceof DelegatingDataSource || dataSource instanceof AbstractRoutingDataSource
				|| dataSource instanceof SpringProxy || wrapsPool(dataSource);
	}

	private static boolean wrapsPool(DataSource dataSource) {
		try {
			return dataSource.isWrapperFor(HikariDataSource.class);
		}
		catch (SQLException | RuntimeException ex) {
			return false;
		}
	}

	private static void warn(String name, String why) {
		logger.atWarn().addKeyValue("bean", name).log("DataSource '{}' is not guarded: {}", name, why);
	}

}
