package io.github.resilientdb.integration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.testsupport.PostgresServer;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sessions that end before a read: a row that is there is never taken for missing.
 */
class LostReadIntegrationTests {

	@ParameterizedTest
	@ValueSource(strings = { "pooled", "none" })
	void aRowThatIsThereIsFoundWhereverTheSessionEnds(String mode) {
		try (RerunDatabase database = new RerunDatabase();
				ConfigurableApplicationContext context = start(database, mode)) {
			Reads reads = context.getBean(Reads.class);
			context.getBean(BookRepository.class).saveAll(List.of(new Book(1), new Book(2)));
			List<Function<Reads, Boolean>> programs = List.of(Reads::byRepository, Reads::byEntityManager,
					Reads::byJdbc, Reads::byQuery);
			for (Function<Reads, Boolean> program : programs) {
				for (int statement = 0; statement < 2; statement++) {
					reads.endSessionBefore(statement);
					assertThat(reads.readOnly(() -> program.apply(reads))).isTrue();
					assertThat(reads.attempts()).isEqualTo(2);
					reads.endSessionBefore(statement);
					assertThat(reads.call(() -> program.apply(reads))).isTrue();
					assertThat(reads.attempts()).isEqualTo(2);
				}
			}
			whatIsSwallowedIsRerun(reads);
			aFallbackForAnInnerTransactionReturns(reads);
			aPlainTransactionIsNeverSilent(reads);
		}
	}

	private static void whatIsSwallowedIsRerun(Reads reads) {
		reads.endSessionBefore(0);
		String result = reads.call(() -> {
			try {
				return reads.byJdbc() ? "found" : "missing";
			}
			catch (DataAccessException ex) {
				return "swallowed";
			}
		});
		assertThat(result).isEqualTo("found");
		assertThat(reads.attempts()).isEqualTo(2);
		reads.endSessionBefore(0);
		result = reads.call(() -> {
			try {
				return reads.byJdbc() ? "found" : "missing";
			}
			catch (DataAccessException ex) {
				throw new IllegalArgumentException("no such book");
			}
		});
		assertThat(result).isEqualTo("found");
	}

	private static void aFallbackForAnInnerTransactionReturns(Reads reads) {
		reads.endSessionBefore(0);
		String result = reads.call(() -> {
			try {
				return reads.inner(reads::byJdbc) ? "found" : "missing";
			}
			catch (RuntimeException ex) {
				return "fallback";
			}
		});
		assertThat(result).isEqualTo("fallback");
		assertThat(reads.attempts()).isEqualTo(1);
	}

	private static void aPlainTransactionIsNeverSilent(Reads reads) {
		reads.endSessionBefore(0);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> reads.plain(reads::byRepository));
		reads.endSessionBefore(1);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> reads.plainReadOnly(reads::byEntityManager));
	}

	private static ConfigurableApplicationContext start(RerunDatabase database, String mode) {
		List<String> properties = new ArrayList<>(List.of(database.properties()));
		properties.addAll(List.of("spring.jpa.hibernate.ddl-auto=create", "resilientdb.pool.mode=" + mode,
				"resilientdb.retry.deadline=60s", "resilientdb.retry.backoff.initial=1ms"));
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(properties.toArray(String[]::new))
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = LostReadIntegrationTests.class)
	@EnableJpaRepositories(basePackageClasses = LostReadIntegrationTests.class, considerNestedRepositories = true)
	@Import(Reads.class)
	static class Application {

	}

	interface BookRepository extends JpaRepository<Book, Integer> {

	}

	@Entity(name = "Book")
	@Table(name = "lost_read_book")
	static class Book {

		@Id
		private int id;

		Book() {
		}

		Book(int id) {
			this.id = id;
		}

	}

	static class Reads {

		private final AtomicInteger attempts = new AtomicInteger();

		private final AtomicInteger statements = new AtomicInteger();

		private final BookRepository repository;

		private final EntityManager entityManager;

		private final JdbcTemplate jdbc;

		private int last;

		Reads(BookRepository repository, EntityManager entityManager, JdbcTemplate jdbc) {
			this.repository = repository;
			this.entityManager = entityManager;
			this.jdbc = jdbc;
		}

		int attempts() {
			return this.attempts.get();
		}

		void endSessionBefore(int statement) {
			this.attempts.set(0);
			this.statements.set(0);
			this.last = statement;
		}

		@RetryableTransaction
		<T> T call(Supplier<T> work) {
			this.attempts.incrementAndGet();
			return work.get();
		}

		@RetryableTransaction(readOnly = true)
		<T> T readOnly(Supplier<T> work) {
			this.attempts.incrementAndGet();
			return work.get();
		}

		@Transactional
		<T> T plain(Supplier<T> work) {
			return work.get();
		}

		@Transactional(readOnly = true)
		<T> T plainReadOnly(Supplier<T> work) {
			return work.get();
		}

		@Transactional(propagation = Propagation.REQUIRES_NEW)
		<T> T inner(Supplier<T> work) {
			return work.get();
		}

		boolean byRepository() {
			statement();
			Optional<Book> first = this.repository.findById(1);
			statement();
			return first.isPresent() & this.repository.findById(2).isPresent();
		}

		boolean byEntityManager() {
			statement();
			Book first = this.entityManager.find(Book.class, 1);
			statement();
			return first != null & this.entityManager.find(Book.class, 2) != null;
		}

		boolean byQuery() {
			statement();
			List<Book> first = this.entityManager.createQuery("from Book where id = 1", Book.class).getResultList();
			statement();
			return first.size() == 1 & this.repository.existsById(2);
		}

		boolean byJdbc() {
			statement();
			List<Integer> first = this.jdbc.queryForList("select id from lost_read_book where id = 1", Integer.class);
			statement();
			return first.size() == 1
					& this.jdbc.queryForList("select id from lost_read_book where id = 2", Integer.class).size() == 1;
		}

		private void statement() {
			if (this.statements.getAndIncrement() == this.last) {
				PostgresServer.shared()
					.terminateBackend(this.jdbc.queryForObject("select pg_backend_pid()", Integer.class));
			}
		}

	}

}
