package io.github.resilientdb.autoconfigure;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.autoconfigure.database.UnguardedDataSources;
import io.github.resilientdb.pool.HikariTakeover;
import io.github.resilientdb.pool.settings.PoolSettings;

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

	// after the binding of properties (+1) and of connection details (+2)
	private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 3;

	private final SingletonSupplier<PoolTakeover> takeover;

	private final Map<Object, HikariDataSource> replacements = Collections.synchronizedMap(new IdentityHashMap<>());

	// beans that are not guarded, which was said
	private final Set<Object> reported = Collections
		.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

	HikariDataSourcePostProcessor(Supplier<PoolTakeover> takeover) {
		this.takeover = SingletonSupplier.of(takeover);
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		return (bean instanceof DataSource dataSource && !(bean instanceof ConnectionPool))
				? takeOver(dataSource, beanName) : bean;
	}

	private DataSource takeOver(DataSource bean, String beanName) {
		String name = ScopedProxyUtils.isScopedTarget(beanName) ? ScopedProxyUtils.getOriginalBeanName(beanName)
				: beanName;
		PoolTakeover takeover = this.takeover.obtain();
		Optional<PoolSettings> settings = takeover.settings(name);
		if (settings.isEmpty()) {
			UnguardedDataSources.excluded(name);
			this.reported.add(bean);
			return bean;
		}
		if (!(bean instanceof HikariDataSource pool)) {
			UnguardedDataSources.other(name, bean);
			return bean;
		}
		if (bean.getClass() != HikariDataSource.class) {
			UnguardedDataSources.subclass(name, bean);
			this.reported.add(bean);
			return bean;
		}
		if (HikariTakeover.isStarted(pool)) {
			UnguardedDataSources.started(name);
			this.reported.add(bean);
			return bean;
		}
		HikariDataSource replacement = takeover.takeOver(name, pool, settings.get());
		this.replacements.put(bean, replacement);
		return replacement;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof DataSource dataSource && !(bean instanceof ConnectionPool)
				&& !this.reported.contains(bean)) {
			UnguardedDataSources.inside(beanName, dataSource, this.reported::contains);
		}
		return bean;
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
