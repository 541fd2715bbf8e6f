package io.github.resilientdb.autoconfigure;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.pool.HikariTakeover;
import io.github.resilientdb.pool.PoolSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.util.function.SingletonSupplier;

/**
 * Takes each {@code HikariDataSource} over before its pool starts: after its properties
 * are bound, so that they are known, and before anything borrows from it.
 * <p>
 * Spring registers the original bean for destruction, so the replacement is closed with
 * it.
 */
final class HikariDataSourcePostProcessor implements DestructionAwareBeanPostProcessor, PriorityOrdered {

	private static final Logger logger = LoggerFactory.getLogger(HikariDataSourcePostProcessor.class);

	// after the binding of properties (+1) and of connection details (+2)
	private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 3;

	private final SingletonSupplier<PoolTakeover> takeover;

	private final Map<Object, HikariDataSource> replacements = Collections.synchronizedMap(new IdentityHashMap<>());

	HikariDataSourcePostProcessor(Supplier<PoolTakeover> takeover) {
		this.takeover = SingletonSupplier.of(takeover);
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (!(bean instanceof HikariDataSource dataSource) || bean instanceof ConnectionPool) {
			return bean;
		}
		String name = ScopedProxyUtils.isScopedTarget(beanName) ? ScopedProxyUtils.getOriginalBeanName(beanName)
				: beanName;
		PoolTakeover takeover = this.takeover.obtain();
		Optional<PoolSettings> settings = takeover.settings(name);
		if (settings.isEmpty()) {
			logger.atInfo().addKeyValue("bean", name).log("DataSource '{}' is excluded and not guarded", name);
			return bean;
		}
		if (bean.getClass() != HikariDataSource.class || HikariTakeover.isStarted(dataSource)) {
			warn(name, dataSource);
			return bean;
		}
		HikariDataSource replacement = takeover.takeOver(name, dataSource, settings.get());
		this.replacements.put(bean, replacement);
		return replacement;
	}

	private static void warn(String name, DataSource dataSource) {
		String why = (dataSource.getClass() != HikariDataSource.class)
				? "it is of a subclass of HikariDataSource (" + dataSource.getClass().getName()
						+ "); declare the bean as a plain HikariDataSource"
				: "its pool has started already; create it with new HikariDataSource() and setters, or with "
						+ "DataSourceBuilder, instead of new HikariDataSource(config)";
		logger.atWarn().addKeyValue("bean", name).log("DataSource '{}' is not guarded: {}", name, why);
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		return this.replacements.containsKey(bean);
	}

	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		HikariDataSource replacement = this.replacements.remove(bean);
		if (replacement != null) {
			replacement.close();
		}
	}

}
