package io.github.resilientdb.autoconfigure;

import java.util.List;
import java.util.ServiceLoader;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.jpa.PersistenceTransactionListener;
import io.github.resilientdb.jpa.EntityRecordingIntegrator;
import io.github.resilientdb.jpa.PersistenceAttemptListener;
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
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;

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
	void listensToTheTransactionsOfTheAutoConfiguredManager() {
		this.contextRunner
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, HibernateJpaAutoConfiguration.class,
							TransactionAutoConfiguration.class, TransactionManagerCustomizationAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:autoconfigure")
			.run((context) -> assertThat(
					context.getBean(JpaTransactionManager.class).getTransactionExecutionListeners())
				.hasAtLeastOneElementOfType(PersistenceTransactionListener.class));
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
				.doesNotHaveBean(PersistenceTransactionListener.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { SessionImplementor.class, EntityManagerFactory.class, EntityManagerHolder.class })
	void backsOffWithoutJpa(Class<?> missing) {
		this.contextRunner.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(AttemptListener.class));
	}

}
