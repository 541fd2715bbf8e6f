package io.github.resilientdb.autoconfigure;

import java.util.List;

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
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for pools that never lend a dead connection. Their properties are
 * read before there can be beans; as beans they are there for whoever lists them, such as
 * the endpoint {@code configprops}.
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
			ObjectProvider<GuardedPools> pools, ObjectProvider<PropertiesRetrySettings> retry) {
		return new HikariDataSourcePostProcessor(() -> takeover(PropertyGroups.of(environment), classifier.getObject(),
				listeners, pools.getObject(), retry));
	}

	private static PoolTakeover takeover(PropertyGroups groups, FailureClassifier classifier,
			ObjectProvider<ConnectionPoolListener> listeners, GuardedPools pools,
			ObjectProvider<PropertiesRetrySettings> retry) {
		DurationUnits.check(groups);
		CommitProperties commits = CommitPropertiesReader.read(groups);
		ConnectionPoolListener listener = new CompositePoolListener(() -> listeners.orderedStream().toList());
		HikariTakeover takeover = new HikariTakeover((failure) -> classifier.classify(failure).verdict(), listener,
				commits.scope() == CommitProperties.Scope.ALL);
		PropertiesRetrySettings settings = retry(groups, retry);
		return new PoolTakeover(new PoolPropertiesReader(groups), commits.settings(), takeover, pools,
				settings.get().deadline(), lint(settings), DatabaseWait.configuredBy(groups));
	}

	private static PropertiesRetrySettings retry(PropertyGroups groups, ObjectProvider<PropertiesRetrySettings> retry) {
		return retry.getIfAvailable(() -> new PropertiesRetrySettings(groups));
	}

	private static ResilienceLint lint(PropertiesRetrySettings retry) {
		return new ResilienceLint(retry.properties().deadline(), retry.properties().maxAttempts());
	}

	@Bean
	static StartupReport resilientDbStartupReport(Environment environment, GuardedPools pools,
			ListableBeanFactory beanFactory, ObjectProvider<PropertiesRetrySettings> retry) {
		return new StartupReport(environment, pools, lint(retry(PropertyGroups.of(environment), retry)),
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
