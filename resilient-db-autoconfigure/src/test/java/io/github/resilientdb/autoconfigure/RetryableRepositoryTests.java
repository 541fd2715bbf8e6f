package io.github.resilientdb.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.retry.method.InvalidRetryableMethodException;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
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
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

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
	void areRetryableByInterfaceWithWhatTheyInherit() {
		this.runner.run((context) -> {
			TypeRepository repository = context.getBean(TypeRepository.class);
			Attempts attempts = context.getBean(Attempts.class);
			repository.findByName("a");
			repository.findById(1L);
			repository.save(new Account());
			repository.deleteAll();
			assertThat(attempts.events).hasSize(4);
			assertThat(attempts.transactions).containsExactly("rw 7", "ro 7", "rw 7", "rw 7");
		});
	}

	@Test
	void areNotRetryableWhereAPlainTransactionIsMoreSpecific() {
		this.runner.run((context) -> {
			TypeRepository repository = context.getBean(TypeRepository.class);
			repository.countByName("a");
			assertThat(context.getBean(Attempts.class).events).isEmpty();
		});
	}

	@Test
	void areKnownByWhatIsCovered() {
		this.runner.run((context) -> {
			context.getBean(MethodRepository.class);
			context.getBean(TypeRepository.class);
			context.getBean(PlainRepository.class);
			List<CallName> known = context.getBean(Attempts.class).known;
			assertThat(known).filteredOn((call) -> call.type().equals(MethodRepository.class.getName()))
				.extracting(CallName::method)
				.containsExactlyInAnyOrder("findByName", "save");
			assertThat(known).filteredOn((call) -> call.type().equals(TypeRepository.class.getName()))
				.extracting(CallName::method)
				.contains("findByName", "findById", "save", "saveAll", "deleteAll", "flush")
				.doesNotContain("countByName", "getTargetClass", "isFrozen", "addAdvisor", "hashCode");
			assertThat(known).extracting(CallName::type)
				.containsOnly(MethodRepository.class.getName(), TypeRepository.class.getName());
		});
	}

	@Test
	void areRetryableByProperty() {
		this.runner.withPropertyValues("resilientdb.retry.methods=*.PlainRepository.save, *PlainRepository.find*")
			.run((context) -> {
				PlainRepository repository = context.getBean(PlainRepository.class);
				Attempts attempts = context.getBean(Attempts.class);
				repository.save(new Account());
				repository.findById(1L);
				repository.findByName("a");
				repository.deleteAll();
				String prefix = PlainRepository.class.getName();
				// A query that is declared has no transaction, unless it is annotated
				assertThat(attempts.events).containsExactly(prefix + ".save", prefix + ".findById");
			});
	}

	@Test
	void mustNotBeAnnotatedByJakartaToo() {
		this.runner.withUserConfiguration(Jakarta.class)
			.run((context) -> assertThatException().isThrownBy(() -> context.getBean(JakartaRepository.class))
				.withRootCauseInstanceOf(InvalidRetryableMethodException.class)
				.withStackTraceContaining("@Transactional is beside it"));
	}

	interface PlainRepository extends JpaRepository<Account, Long> {

		Optional<Account> findByName(String name);

	}

	interface MethodRepository extends JpaRepository<Account, Long> {

		@RetryableTransaction(readOnly = true)
		Optional<Account> findByName(String name);

		@Override
		@RetryableTransaction
		<S extends Account> S save(S account);

	}

	@RetryableTransaction(timeout = 7)
	interface TypeRepository extends JpaRepository<Account, Long> {

		Optional<Account> findByName(String name);

		@Transactional
		long countByName(String name);

	}

	@Entity(name = "Account")
	static class Account {

		@Id
		private Long id = 1L;

		private String name = "a";

	}

	static class Attempts implements AttemptListener, RetryableCallListener {

		private final List<String> events = new ArrayList<>();

		private final List<CallName> known = new ArrayList<>();

		private final List<String> transactions = new ArrayList<>();

		@Override
		public void attemptStarting(String call) {
			this.events.add(call);
		}

		@Override
		public void callKnown(CallName call) {
			this.known.add(call);
		}

		@Override
		public RunningCall callStarting(CallName call, String label) {
			return new RunningCall() {
			};
		}

	}

	/**
	 * Notes what transactions are like.
	 */
	static class RecordingTransactionManager extends JpaTransactionManager {

		private final transient Attempts attempts;

		RecordingTransactionManager(EntityManagerFactory factory, Attempts attempts) {
			super(factory);
			this.attempts = attempts;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.attempts.transactions.add((definition.isReadOnly() ? "ro " : "rw ") + definition.getTimeout());
			super.doBegin(transaction, definition);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = RetryableRepositoryTests.class)
	@EnableJpaRepositories(basePackageClasses = RetryableRepositoryTests.class, considerNestedRepositories = true,
			excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = JakartaRepository.class))
	static class Repositories {

		@Bean
		Attempts attempts() {
			return new Attempts();
		}

		@Bean
		PlatformTransactionManager transactionManager(EntityManagerFactory factory, Attempts attempts) {
			return new RecordingTransactionManager(factory, attempts);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJpaRepositories(basePackageClasses = RetryableRepositoryTests.class, considerNestedRepositories = true,
			includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = JakartaRepository.class))
	static class Jakarta {

	}

	@RetryableTransaction
	@jakarta.transaction.Transactional
	interface JakartaRepository extends JpaRepository<Account, Long> {

	}

}
