package io.github.resilientdb.autoconfigure.database;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.SpringProxy;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Names the DataSource beans that are not guarded, with what to do about it.
 */
public final class UnguardedDataSources {

	private static final Logger logger = LoggerFactory.getLogger(UnguardedDataSources.class);

	private UnguardedDataSources() {
	}

	/**
	 * A bean that a property excludes.
	 * @param name the name of the bean
	 */
	public static void excluded(String name) {
		logger.atInfo().addKeyValue("bean", name).log("DataSource '{}' is excluded and not guarded", name);
	}

	/**
	 * A bean of a class that can't be replaced.
	 * @param name the name of the bean
	 * @param dataSource the bean
	 */
	public static void subclass(String name, DataSource dataSource) {
		warn(name, "it is of a subclass of HikariDataSource (%s); declare the bean as a plain HikariDataSource"
			.formatted(dataSource.getClass().getName()));
	}

	/**
	 * A bean that is in use already.
	 * @param name the name of the bean
	 */
	public static void started(String name) {
		warn(name, "its pool has started already; create it with new HikariDataSource() and setters, or with "
				+ "DataSourceBuilder, instead of new HikariDataSource(config)");
	}

	/**
	 * A bean that is no pool of HikariCP's. What merely leads to others, which are beans
	 * themselves, and databases of tests are nothing to warn of.
	 * @param name the name of the bean
	 * @param dataSource the bean
	 */
	public static void other(String name, DataSource dataSource) {
		if (!leadsToOthers(dataSource) && !(dataSource instanceof EmbeddedDatabase)) {
			warn(name,
					"it is no HikariDataSource (%s); declare it as one, for example with DataSourceBuilder, or set "
						.formatted(dataSource.getClass().getName())
							+ "resilientdb.datasources.%s.enabled to false".formatted(name));
		}
	}

	/**
	 * A bean that may lead to pools that are no beans themselves, and so are not guarded.
	 * @param name the name of the bean
	 * @param dataSource the bean, initialized
	 * @param known whether a pool is a bean that was reported
	 */
	public static void inside(String name, DataSource dataSource, Predicate<DataSource> known) {
		Set<DataSource> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		Deque<DataSource> wrappers = new ArrayDeque<>(List.of(dataSource));
		while (!wrappers.isEmpty()) {
			for (DataSource target : targets(wrappers.remove())) {
				if (!seen.add(target) || known.test(target)) {
					continue;
				}
				if (target instanceof HikariDataSource pool && !(target instanceof ConnectionPool)) {
					String inner = (pool.getPoolName() != null) ? pool.getPoolName()
							: DatabaseAddress.of(pool.getJdbcUrl(), null).url();
					warn(name, "it leads to a pool that is no bean (%s); ".formatted(inner)
							+ "declare that HikariDataSource as a bean of its own");
				}
				wrappers.add(target);
			}
		}
	}

	private static Collection<DataSource> targets(DataSource dataSource) {
		try {
			if (dataSource instanceof DelegatingDataSource wrapper) {
				DataSource target = wrapper.getTargetDataSource();
				return (target != null) ? List.of(target) : List.of();
			}
			if (dataSource instanceof AbstractRoutingDataSource router) {
				List<DataSource> targets = new ArrayList<>(router.getResolvedDataSources().values());
				DataSource byDefault = router.getResolvedDefaultDataSource();
				if (byDefault != null) {
					targets.add(byDefault);
				}
				return targets;
			}
		}
		catch (RuntimeException ex) {
			logger.debug("It is not known where a DataSource leads to", ex);
		}
		return List.of();
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
