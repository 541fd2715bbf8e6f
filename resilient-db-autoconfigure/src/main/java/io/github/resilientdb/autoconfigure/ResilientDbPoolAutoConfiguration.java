package io.github.resilientdb.autoconfigure;

import java.util.List;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.pool.HikariTakeover;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for pools that never lend a dead connection.
 */
@AutoConfiguration(before = DataSourceAutoConfiguration.class, after = ResilientDbDisconnectAutoConfiguration.class)
@ConditionalOnClass({ DataSource.class, HikariDataSource.class })
@ConditionalOnResilientDb
@EnableConfigurationProperties({ PoolProperties.class, CommitProperties.class, DataSourcesProperties.class,
		StartupProperties.class, FailoverProperties.class, WatchdogProperties.class })
public final class ResilientDbPoolAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static HikariDataSourcePostProcessor resilientDbDataSourcePostProcessor(Environment environment,
			ObjectProvider<FailureClassifier> classifier, ObjectProvider<ConnectionPoolListener> listeners,
			ObjectProvider<GuardedPools> pools, ObjectProvider<RetryProperties> retry) {
		return new HikariDataSourcePostProcessor(() -> takeover(Binder.get(environment), classifier.getObject(),
				listeners, pools.getObject(), () -> retry(environment, retry)));
	}

	private static PoolTakeover takeover(Binder binder, FailureClassifier classifier,
			ObjectProvider<ConnectionPoolListener> listeners, GuardedPools pools, Supplier<RetryProperties> bound) {
		DurationUnits.check(binder);
		CommitProperties commits = CommitPropertiesReader.read(binder);
		ConnectionPoolListener listener = new CompositePoolListener(() -> listeners.orderedStream().toList());
		HikariTakeover takeover = new HikariTakeover((failure) -> classifier.classify(failure).verdict(), listener,
				commits.scope() == CommitProperties.Scope.ALL);
		RetryProperties retry = bound.get();
		new PropertiesRetrySettings(retry).get();
		return new PoolTakeover(new PoolPropertiesReader(binder), commits.settings(), takeover, pools, retry.deadline(),
				lint(retry), DatabaseWait.configuredBy(binder));
	}

	// Binding takes time at start-up, and is seldom necessary twice
	private static RetryProperties retry(Environment environment, ObjectProvider<RetryProperties> bound) {
		return bound
			.getIfAvailable(() -> Binder.get(environment).bindOrCreate("resilientdb.retry", RetryProperties.class));
	}

	private static ResilienceLint lint(RetryProperties retry) {
		return new ResilienceLint(retry.deadline(), retry.maxAttempts());
	}

	@Bean
	static StartupReport resilientDbStartupReport(Environment environment, GuardedPools pools,
			ListableBeanFactory beanFactory, ObjectProvider<RetryProperties> retry) {
		return new StartupReport(environment, pools, lint(retry(environment, retry)),
				() -> List.of(beanFactory.getBeanNamesForType(DataSource.class, true, false)));
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static GuardedPools resilientDbConnectionPools(ConfigurableListableBeanFactory beanFactory) {
		GuardedPools pools = new GuardedPools();
		pools.rememberBy(beanFactory);
		return pools;
	}

	@Bean
	PoolRestart resilientDbPoolRestart(GuardedPools pools) {
		return new PoolRestart(pools);
	}

	@Bean
	CommitStartup resilientDbCommitStartup(GuardedPools pools) {
		return new CommitStartup(pools, CommitStartup.CLEAN_UP_EVERY);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static RollbackOnCommitFailureDetector resilientDbRollbackOnCommitFailureDetector() {
		return new RollbackOnCommitFailureDetector();
	}

}
