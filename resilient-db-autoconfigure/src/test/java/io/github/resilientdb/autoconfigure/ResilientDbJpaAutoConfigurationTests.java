package io.github.resilientdb.autoconfigure;

import java.util.List;
import java.util.ServiceLoader;

import javax.sql.DataSource;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.jpa.EntityRecordingIntegrator;
import io.github.resilientdb.jpa.PersistenceAttemptListener;
import io.github.resilientdb.jpa.PersistenceTransactionManagerPostProcessor;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.engine.spi.SessionImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.ConfigurableTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResilientDbJpaAutoConfiguration}.
 */
class ResilientDbJpaAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ResilientDbJpaAutoConfiguration.class));

	@Test
	void listensToAttempts() {
		this.contextRunner.run((context) -> assertThat(context).getBean(AttemptListener.class)
			.isInstanceOf(PersistenceAttemptListener.class));
	}

	@Test
	void listensToTheTransactionsOfEachManager() {
		this.contextRunner
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, HibernateJpaAutoConfiguration.class,
							TransactionAutoConfiguration.class, TransactionManagerCustomizationAutoConfiguration.class))
			.withUserConfiguration(TransactionManagers.class)
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:autoconfigure")
			.run((context) -> assertThat(context.getBeansOfType(ConfigurableTransactionManager.class).values())
				.hasSize(2)
				.allSatisfy((manager) -> assertThat(manager.getTransactionExecutionListeners())
					.extracting((listener) -> listener.getClass().getSimpleName())
					.containsOnlyOnce("PersistenceTransactionListener")));
	}

	@Test
	void isFoundByHibernate() {
		List<Integrator> integrators = ServiceLoader.load(Integrator.class)
			.stream()
			.map(ServiceLoader.Provider::get)
			.toList();
		assertThat(integrators).hasAtLeastOneElementOfType(EntityRecordingIntegrator.class);
	}

	@Test
	void leavesNothingWhenSwitchedOff() {
		this.contextRunner.withPropertyValues("resilientdb.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(AttemptListener.class)
				.doesNotHaveBean(PersistenceTransactionManagerPostProcessor.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { SessionImplementor.class, EntityManagerFactory.class, EntityManagerHolder.class })
	void backsOffWithoutJpa(Class<?> missing) {
		this.contextRunner.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(AttemptListener.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class TransactionManagers {

		@Bean
		JpaTransactionManager jpaTransactionManager(EntityManagerFactory entityManagerFactory) {
			return new JpaTransactionManager(entityManagerFactory);
		}

		@Bean
		JdbcTransactionManager jdbcTransactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

}
