package io.github.resilientdb.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.RetryableTransaction;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link RetryableTransaction @RetryableTransaction} on Spring Data repositories.
 */
class RetryableRepositoryTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, HibernateJpaAutoConfiguration.class,
				DataJpaRepositoriesAutoConfiguration.class, TransactionAutoConfiguration.class,
				AopAutoConfiguration.class, ResilientDbDisconnectAutoConfiguration.class,
				ResilientDbRetryAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true", "spring.jpa.hibernate.ddl-auto=create")
		.withUserConfiguration(Repositories.class);

	@Test
	void areRetryableByMethod() {
		this.runner.run((context) -> {
			MethodRepository repository = context.getBean(MethodRepository.class);
			Attempts attempts = context.getBean(Attempts.class);
			repository.findById(1L);
			assertThat(attempts.events).isEmpty();
			repository.findByName("a");
			repository.save(new Account());
			assertThat(attempts.events).hasSize(2);
		});
	}

	@Test
	void areRetryableByInterfaceWhereTheirTransactionsAre() {
		this.runner.run((context) -> {
			TypeRepository repository = context.getBean(TypeRepository.class);
			Attempts attempts = context.getBean(Attempts.class);
			repository.findByName("a");
			assertThat(attempts.events).hasSize(1);
			// Inherited, with the transaction of the implementation
			repository.findById(1L);
			assertThat(attempts.events).hasSize(1);
		});
	}

	interface MethodRepository extends JpaRepository<Account, Long> {

		@RetryableTransaction(readOnly = true)
		Optional<Account> findByName(String name);

		@Override
		@RetryableTransaction
		<S extends Account> S save(S account);

	}

	@RetryableTransaction
	interface TypeRepository extends JpaRepository<Account, Long> {

		Optional<Account> findByName(String name);

	}

	@Entity(name = "Account")
	static class Account {

		@Id
		private Long id = 1L;

		private String name = "a";

	}

	static class Attempts implements AttemptListener {

		private final List<String> events = new ArrayList<>();

		@Override
		public void attemptStarting(String call) {
			this.events.add("starting");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = RetryableRepositoryTests.class)
	@EnableJpaRepositories(basePackageClasses = RetryableRepositoryTests.class, considerNestedRepositories = true)
	static class Repositories {

		@Bean
		Attempts attempts() {
			return new Attempts();
		}

	}

}
