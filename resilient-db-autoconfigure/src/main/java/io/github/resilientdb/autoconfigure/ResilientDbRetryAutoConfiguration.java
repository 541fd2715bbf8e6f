package io.github.resilientdb.autoconfigure;

import java.util.function.IntSupplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.jpa.ArgumentAttemptListener;
import io.github.resilientdb.jpa.ObjectTypes;
import io.github.resilientdb.retry.BudgetScopes;
import io.github.resilientdb.retry.RetryableTransactionPostProcessor;
import io.github.resilientdb.retry.RetryingExecutor;
import io.github.resilientdb.retry.ShutdownAwareSleeper;
import io.github.resilientdb.retry.TransactionManagerPostProcessor;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Auto-configuration of the rerun of transactions.
 */
@AutoConfiguration(after = { TransactionAutoConfiguration.class, ResilientDbDisconnectAutoConfiguration.class },
		afterName = { "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
				"org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration" })
@ConditionalOnResilientDb
@EnableConfigurationProperties(RetryProperties.class)
public final class ResilientDbRetryAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static PropertiesRetrySettings resilientDbRetrySettings(Environment environment) {
		return new PropertiesRetrySettings(PropertyGroups.of(environment));
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static RetryableTransactionPostProcessor resilientDbRetryableTransactionPostProcessor(
			PropertiesRetrySettings settings, ObjectProvider<RetryingExecutor> executor) {
		return new RetryableTransactionPostProcessor(settings.methods(), executor::getObject);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static TransactionManagerPostProcessor resilientDbTransactionManagerPostProcessor(
			PropertiesRetrySettings settings) {
		return new TransactionManagerPostProcessor(settings.properties()::jta);
	}

	@Bean
	ShutdownAwareSleeper resilientDbShutdownAwareSleeper() {
		return new ShutdownAwareSleeper();
	}

	@Bean
	RetryingExecutor resilientDbRetryingExecutor(PropertiesRetrySettings settings, FailureClassifier classifier,
			ObjectProvider<AttemptListener> listeners, ObjectProvider<RetryableCallListener> callListeners,
			ObjectProvider<DataSource> dataSources, BeanFactory beanFactory, ShutdownAwareSleeper sleeper) {
		return new RetryingExecutor(settings.get(), classifier, () -> listeners.orderedStream().toList(),
				() -> callListeners.orderedStream().toList(), largestPool(dataSources),
				new BudgetScopes(() -> beanFactory), sleeper);
	}

	@Bean
	ArgumentAttemptListener resilientDbArgumentAttemptListener(ObjectProvider<ObjectTypes> types) {
		return new ArgumentAttemptListener(() -> types.orderedStream().toList());
	}

	@Bean
	static SmartInitializingSingleton resilientDbRetryableCallsPublisher(
			RetryableTransactionPostProcessor postProcessor, ObjectProvider<RetryableCallListener> listeners) {
		return () -> {
			postProcessor
				.subscribe((call) -> listeners.orderedStream().forEach((listener) -> listener.callKnown(call)));
			postProcessor.logSelectedMethods();
		};
	}

	@Bean
	@ConditionalOnSingleCandidate(PlatformTransactionManager.class)
	@ConditionalOnMissingBean
	RetryableTransactionTemplate resilientDbRetryableTransactionTemplate(PlatformTransactionManager transactionManager,
			RetryingExecutor executor) {
		return new RetryableTransactionTemplate(transactionManager, executor);
	}

	private static IntSupplier largestPool(ObjectProvider<DataSource> dataSources) {
		return () -> dataSources.stream(ObjectProvider.UNFILTERED, false)
			.mapToInt(ResilientDbRetryAutoConfiguration::poolSize)
			.max()
			.orElse(0);
	}

	private static int poolSize(DataSource dataSource) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class,
				HikariDataSource.class);
		return (pool != null) ? pool.getMaximumPoolSize() : 0;
	}

}
