package io.github.resilientdb.autoconfigure;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.RetryableTransactionTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What {@link RetryableTransaction @RetryableTransaction} and its template do in an
 * application, with failures that are thrown and a database that never fails by itself.
 */
@ExtendWith(OutputCaptureExtension.class)
class RetryableTransactionTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
				TransactionAutoConfiguration.class, AopAutoConfiguration.class,
				ResilientDbDisconnectAutoConfiguration.class, ResilientDbRetryAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true", "resilientdb.retry.backoff.initial=1ms",
				"resilientdb.retry.backoff.max=5ms")
		.withUserConfiguration(Services.class);

	@Test
	void rerunsTheWholeTransaction() {
		run(Bank.class, (bank, faults, jdbc) -> {
			faults.inBank.add(new CannotAcquireLockException("conflict", new SQLException("conflict", "40001")));
			assertThat(bank.insert()).isEqualTo(2);
			assertThat(rows(jdbc)).isEqualTo(1);
		});
	}

	@Test
	void rerunsAfterADisconnectBeforeTheCommit() {
		run(Bank.class, (bank, faults, jdbc) -> {
			faults.inBank.add(disconnect());
			faults.inBank.add(disconnect());
			assertThat(bank.insert()).isEqualTo(3);
			assertThat(rows(jdbc)).isEqualTo(1);
		});
	}

	@Test
	void rerunsOutsideOfTheTransactionWhateverItsOrder() {
		this.runner.withUserConfiguration(OutermostTransactions.class).run((context) -> {
			Bank bank = context.getBean(Bank.class);
			Faults faults = context.getBean(Faults.class);
			faults.inBank.add(disconnect());
			assertThat(bank.insert()).isEqualTo(2);
			assertThat(rows(context.getBean(JdbcTemplate.class))).isEqualTo(1);
		});
	}

	@Test
	void rerunsBehindJdkProxies() {
		this.runner.withPropertyValues("spring.aop.proxy-target-class=false").run((context) -> {
			Counter counter = context.getBean(Counter.class);
			assertThat(counter).isNotInstanceOf(AnnotatedByInterface.class);
			assertThat(counter.count()).isEqualTo(2);
		});
	}

	@Test
	void rerunsWhatAnInterfaceAnnotates() {
		run(AnnotatedByInterface.class, (counter, faults, jdbc) -> assertThat(counter.count()).isEqualTo(2));
	}

	@Test
	void rerunsWhatASuperclassAnnotates() {
		run(Inheriting.class, (inheriting, faults, jdbc) -> assertThat(inheriting.count()).isEqualTo(2));
	}

	@Test
	void doesNotRerunAPlainTransactionOfARetryableClass() {
		run(Inheriting.class,
				(inheriting, faults, jdbc) -> assertThatExceptionOfType(DataAccessResourceFailureException.class)
					.isThrownBy(inheriting::plain));
	}

	@Test
	void doesNotRerunAfterTheCommit() {
		run(Bank.class, (bank, faults, jdbc) -> {
			DataAccessResourceFailureException afterCommit = disconnect();
			assertThatExceptionOfType(DataAccessResourceFailureException.class)
				.isThrownBy(() -> bank.insertAndThrowAfterCommit(afterCommit))
				.isSameAs(afterCommit);
			assertThat(faults.bankAttempts).hasValue(1);
			assertThat(rows(jdbc)).isEqualTo(1);
		});
	}

	@Test
	void passesABusinessExceptionThrough() {
		run(Bank.class, (bank, faults, jdbc) -> {
			IllegalStateException exception = new IllegalStateException("no money");
			faults.inBank.add(exception);
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(bank::insert).isSameAs(exception);
			assertThat(exception).hasNoCause();
			assertThat(exception.getSuppressed()).isEmpty();
			assertThat(faults.bankAttempts).hasValue(1);
		});
	}

	@Test
	void doesNotRerunAfterACheckedExceptionThatCommits() {
		run(Bank.class, (bank, faults, jdbc) -> {
			assertThatExceptionOfType(IOException.class).isThrownBy(bank::insertAndThrowChecked);
			assertThat(faults.bankAttempts).hasValue(1);
			assertThat(rows(jdbc)).isEqualTo(1);
		});
	}

	@Test
	void endsWithTheLastFailureAndTheEarlierOnesSuppressed() {
		run(Bank.class, (bank, faults, jdbc) -> {
			List<RuntimeException> failures = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				failures.add(disconnect());
			}
			faults.inBank.addAll(failures);
			assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(bank::insert)
				.isSameAs(failures.get(4))
				.satisfies((ex) -> assertThat(ex.getSuppressed()).containsExactlyElementsOf(failures.subList(0, 4)))
				.havingRootCause()
				.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
			assertThat(rows(jdbc)).isZero();
		});
	}

	@Test
	void rerunsTheOutermostOnly() {
		run(Outer.class, (outer, faults, jdbc) -> {
			faults.inBank.add(disconnect());
			outer.joined();
			assertThat(faults.outerAttempts).hasValue(2);
			assertThat(faults.bankAttempts).hasValue(2);
			assertThat(rows(jdbc)).isEqualTo(1);
		});
	}

	@Test
	void doesNotGuessWhyAJoinedTransactionWasRolledBack() {
		run(Outer.class, (outer, faults, jdbc) -> {
			faults.inBank.add(disconnect());
			// Nothing watches the connections here, so the reason is lost for good
			assertThatExceptionOfType(UnexpectedRollbackException.class).isThrownBy(outer::joinedAndSwallowed);
			assertThat(rows(jdbc)).isZero();
		});
	}

	@Test
	void rerunsANewInnerTransactionByItself() {
		run(Outer.class, (outer, faults, jdbc) -> {
			faults.inBank.add(disconnect());
			outer.requiresNew();
			assertThat(faults.outerAttempts).hasValue(1);
			assertThat(faults.bankAttempts).hasValue(2);
			assertThat(rows(jdbc)).isEqualTo(1);
		});
	}

	@Test
	void warnsWhenARerunRepeatsACommittedInnerTransaction(CapturedOutput output) {
		run(Outer.class, (outer, faults, jdbc) -> {
			faults.inOuter.add(disconnect());
			outer.requiresNewAndFail();
			assertThat(rows(jdbc)).isEqualTo(2);
			assertThat(output).contains("WARN")
				.contains("Outer.requiresNewAndFail repeats inner transactions")
				.contains("Bank.insertInNew");
		});
	}

	@Test
	void doesNotRerunWithinATransactionOfTheCaller() {
		this.runner.run((context) -> {
			Bank bank = context.getBean(Bank.class);
			Faults faults = context.getBean(Faults.class);
			faults.inBank.add(disconnect());
			TransactionTemplate transactions = context.getBean(TransactionTemplate.class);
			assertThatExceptionOfType(DataAccessResourceFailureException.class)
				.isThrownBy(() -> transactions.executeWithoutResult((status) -> bank.insert()));
			assertThat(faults.bankAttempts).hasValue(1);
		});
	}

	@Test
	void rerunsOnTheThreadOfAnAsynchronousMethod() {
		run(Asynchronous.class, (asynchronous, faults, jdbc) -> {
			faults.inBank.add(disconnect());
			assertThat(asynchronous.insert()).succeedsWithin(30, TimeUnit.SECONDS)
				.satisfies((thread) -> assertThat(thread).isNotSameAs(Thread.currentThread()));
			assertThat(faults.bankAttempts).hasValue(2);
			assertThat(rows(jdbc)).isEqualTo(1);
		});
	}

	@Test
	void waitsForAConnectionWithoutCountingAnAttempt() {
		run(Bank.class, (bank, faults, jdbc) -> {
			faults.checkouts.set(20);
			assertThat(bank.insert()).isEqualTo(1);
		});
	}

	@Test
	void endsWithTheOriginalFailureAsCauseIfInterrupted() {
		this.runner
			.withPropertyValues("resilientdb.retry.backoff.initial=10m", "resilientdb.retry.backoff.max=10m",
					"resilientdb.retry.deadline=1h")
			.run((context) -> {
				Bank bank = context.getBean(Bank.class);
				Faults faults = context.getBean(Faults.class);
				DataAccessResourceFailureException failure = disconnect();
				faults.inBank.add(failure);
				Thread.currentThread().interrupt();
				assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(bank::insert)
					.withCause(failure);
				assertThat(Thread.interrupted()).isTrue();
				assertThat(faults.bankAttempts).hasValue(1);
			});
	}

	@Test
	void endsTheBackOffWhenTheContextIsClosed() {
		this.runner
			.withPropertyValues("resilientdb.retry.backoff.initial=10m", "resilientdb.retry.backoff.max=10m",
					"resilientdb.retry.deadline=1h")
			.run((context) -> {
				Bank bank = context.getBean(Bank.class);
				Faults faults = context.getBean(Faults.class);
				DataAccessResourceFailureException failure = disconnect();
				faults.inBank.add(failure);
				faults.inBank.add(disconnect());
				CompletableFuture<Integer> call = new CompletableFuture<>();
				Thread caller = new Thread(() -> call.completeAsync(bank::insert, Runnable::run));
				caller.start();
				await().until(() -> isBackingOff(caller));
				context.getSourceApplicationContext().close();
				assertThat(call).failsWithin(30, TimeUnit.SECONDS).withThrowableThat().withCause(failure);
				assertThat(faults.bankAttempts).hasValue(1);
			});
	}

	private static boolean isBackingOff(Thread thread) {
		return List.of(thread.getStackTrace())
			.stream()
			.anyMatch((frame) -> frame.getClassName().endsWith("ShutdownAwareSleeper"));
	}

	@Test
	void tellsTheListenersOfEachAttempt() {
		this.runner.run((context) -> {
			context.getBean(Faults.class).inBank.add(disconnect());
			context.getBean(Bank.class).insert();
			assertThat(context.getBean(Recorder.class).events).containsExactly("starting", "discarded", "starting",
					"completed false");
		});
	}

	@Test
	void isNotMisledByATransactionThatRanBefore() {
		this.runner.withUserConfiguration(TransactionBefore.class).run((context) -> {
			Faults faults = context.getBean(Faults.class);
			faults.inBank.add(disconnect());
			assertThat(context.getBean(Bank.class).insert()).isEqualTo(2);
			DataAccessResourceFailureException afterCommit = disconnect();
			assertThatExceptionOfType(DataAccessResourceFailureException.class)
				.isThrownBy(() -> context.getBean(Bank.class).insertAndThrowAfterCommit(afterCommit))
				.isSameAs(afterCommit);
			assertThat(faults.bankAttempts).hasValue(3);
		});
	}

	@Test
	void rerunsACallbackOfTheTemplate() {
		run(RetryableTransactionTemplate.class, (template, faults, jdbc) -> {
			AtomicInteger attempts = new AtomicInteger();
			Integer result = template.execute((status) -> {
				jdbc.update("insert into entry values (1)");
				if (attempts.incrementAndGet() == 1) {
					throw disconnect();
				}
				return attempts.get();
			});
			assertThat(result).isEqualTo(2);
			assertThat(rows(jdbc)).isEqualTo(1);
		});
	}

	@Test
	void leavesTheSharedTemplateAsItIs() {
		run(RetryableTransactionTemplate.class, (template, faults, jdbc) -> {
			RetryableTransactionTemplate copy = template.with((changed) -> {
				changed.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
				changed.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
				changed.setReadOnly(true);
				changed.setTimeout(7);
				changed.setName("copy");
				changed.setMaxAttempts(1);
			});
			copy.executeWithoutResult((status) -> {
				assertThat(status.isReadOnly()).isTrue();
				assertThat(TransactionSynchronizationManager.getCurrentTransactionName()).isEqualTo("copy");
				assertThat(TransactionSynchronizationManager.getCurrentTransactionIsolationLevel())
					.isEqualTo(TransactionDefinition.ISOLATION_SERIALIZABLE);
			});
			AtomicInteger attempts = new AtomicInteger();
			assertThatExceptionOfType(DataAccessResourceFailureException.class)
				.isThrownBy(() -> copy.executeWithoutResult((status) -> {
					attempts.incrementAndGet();
					throw disconnect();
				}));
			assertThat(attempts).hasValue(1);
			assertThat(template.isReadOnly()).isFalse();
			assertThat(template).isNotEqualTo(copy);
		});
	}

	@Test
	void isAPlainTransactionIfDisabled() {
		this.runner.withPropertyValues("resilientdb.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(RetryableTransactionTemplate.class);
			assertThat(context.getBeanDefinitionNames())
				.noneMatch((name) -> name.contains("retry") && !name.startsWith("retryableTransactionTests."));
			Bank bank = context.getBean(Bank.class);
			Faults faults = context.getBean(Faults.class);
			faults.inBank.add(disconnect());
			assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(bank::insert);
			assertThat(rows(context.getBean(JdbcTemplate.class))).isZero();
		});
	}

	private <T> void run(Class<T> type, Scenario<T> scenario) {
		this.runner.run((context) -> scenario.play(context.getBean(type), context.getBean(Faults.class),
				context.getBean(JdbcTemplate.class)));
	}

	private static int rows(JdbcTemplate jdbc) {
		Integer rows = jdbc.queryForObject("select count(*) from entry", Integer.class);
		return (rows != null) ? rows : -1;
	}

	private static DataAccessResourceFailureException disconnect() {
		return new DataAccessResourceFailureException("lost", new SQLException("terminating connection", "57P01"));
	}

	interface Scenario<T> {

		void play(T bean, Faults faults, JdbcTemplate jdbc) throws Exception;

	}

	/**
	 * What goes wrong, and how often it was tried. Not a proxy.
	 */
	static class Faults {

		private final List<RuntimeException> inBank = new ArrayList<>();

		private final List<RuntimeException> inOuter = new ArrayList<>();

		private final AtomicInteger checkouts = new AtomicInteger();

		private final AtomicInteger bankAttempts = new AtomicInteger();

		private final AtomicInteger outerAttempts = new AtomicInteger();

		void strikeBank() {
			strike(this.inBank);
		}

		void strikeOuter() {
			strike(this.inOuter);
		}

		private static void strike(List<RuntimeException> failures) {
			if (!failures.isEmpty()) {
				throw failures.remove(0);
			}
		}

	}

	static class Bank {

		private final Faults faults;

		private final JdbcTemplate jdbc;

		Bank(Faults faults, JdbcTemplate jdbc) {
			this.faults = faults;
			this.jdbc = jdbc;
			jdbc.execute("create table if not exists entry (id int)");
		}

		@RetryableTransaction
		int insert() {
			return work();
		}

		@RetryableTransaction(propagation = Propagation.REQUIRES_NEW)
		int insertInNew() {
			return work();
		}

		@RetryableTransaction
		void insertAndThrowAfterCommit(RuntimeException exception) {
			work();
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					throw exception;
				}

			});
		}

		@RetryableTransaction
		void insertAndThrowChecked() throws IOException {
			work();
			throw new IOException(new SQLException("lost", "08006"));
		}

		private int work() {
			int attempt = this.faults.bankAttempts.incrementAndGet();
			this.jdbc.update("insert into entry values (?)", attempt);
			this.faults.strikeBank();
			return attempt;
		}

	}

	static class Outer {

		private final Faults faults;

		private final Bank bank;

		Outer(Faults faults, Bank bank) {
			this.faults = faults;
			this.bank = bank;
		}

		@RetryableTransaction
		void joined() {
			this.faults.outerAttempts.incrementAndGet();
			this.bank.insert();
		}

		@RetryableTransaction
		void joinedAndSwallowed() {
			try {
				this.bank.insert();
			}
			catch (DataAccessResourceFailureException ex) {
				this.faults.outerAttempts.incrementAndGet();
			}
		}

		@RetryableTransaction
		void requiresNew() {
			this.faults.outerAttempts.incrementAndGet();
			this.bank.insertInNew();
		}

		@RetryableTransaction
		void requiresNewAndFail() {
			this.bank.insertInNew();
			this.faults.strikeOuter();
		}

	}

	static class FailingDataSource extends DelegatingDataSource {

		private final ObjectProvider<Faults> faults;

		FailingDataSource(DataSource target, ObjectProvider<Faults> faults) {
			super(target);
			this.faults = faults;
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (this.faults.getObject().checkouts.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
				throw new SQLTransientConnectionException("Connection is not available");
			}
			return super.getConnection();
		}

	}

	interface Counter {

		@RetryableTransaction
		int count();

	}

	static class AnnotatedByInterface implements Counter {

		private int attempts;

		@Override
		public int count() {
			if (++this.attempts == 1) {
				throw disconnect();
			}
			return this.attempts;
		}

	}

	@RetryableTransaction
	abstract static class Annotated {

		private int attempts;

		int count() {
			if (++this.attempts == 1) {
				throw disconnect();
			}
			return this.attempts;
		}

		@Transactional
		void plain() {
			throw disconnect();
		}

	}

	static class Inheriting extends Annotated {

	}

	static class Asynchronous {

		private final Bank bank;

		Asynchronous(Bank bank) {
			this.bank = bank;
		}

		@Async
		@RetryableTransaction
		CompletableFuture<Thread> insert() {
			this.bank.insert();
			return CompletableFuture.completedFuture(Thread.currentThread());
		}

	}

	static class Recorder implements AttemptListener {

		private final List<String> events = new ArrayList<>();

		@Override
		public void attemptStarting(String call) {
			this.events.add("starting");
			throw new IllegalStateException("must not matter");
		}

		@Override
		public void attemptCompleted(boolean connectionLost) {
			this.events.add("completed " + connectionLost);
		}

		@Override
		public void attemptDiscarded() {
			this.events.add("discarded");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Services {

		@Bean
		static BeanPostProcessor failingCheckouts(ObjectProvider<Faults> faults) {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					return (bean instanceof DataSource dataSource) ? new FailingDataSource(dataSource, faults) : bean;
				}

			};
		}

		@Bean
		Faults faults() {
			return new Faults();
		}

		@Bean
		Bank bank(Faults faults, JdbcTemplate jdbc) {
			return new Bank(faults, jdbc);
		}

		@Bean
		Outer outer(Faults faults, Bank bank) {
			return new Outer(faults, bank);
		}

		@Bean
		AnnotatedByInterface annotatedByInterface() {
			return new AnnotatedByInterface();
		}

		@Bean
		Inheriting inheriting() {
			return new Inheriting();
		}

		@Bean
		Asynchronous asynchronous(Bank bank) {
			return new Asynchronous(bank);
		}

		@Bean
		Recorder recorder() {
			return new Recorder();
		}

	}

	/**
	 * Stands for an aspect between the retry and the transaction.
	 */
	@Configuration(proxyBeanMethods = false)
	static class TransactionBefore {

		@Bean
		AttemptListener transactionBefore(TransactionTemplate transactions, JdbcTemplate jdbc) {
			return new AttemptListener() {

				@Override
				public void attemptStarting(String call) {
					transactions.executeWithoutResult((status) -> jdbc.queryForList("select 1"));
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(order = 0)
	static class OutermostTransactions {

	}

}
