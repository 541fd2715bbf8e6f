package io.github.resilientdb.integration;

import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase.Replace;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.jooq.test.autoconfigure.JooqTest;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * In test slices the annotation works as in the application. Within a transaction of the
 * test nothing is rerun.
 */
class RerunSlicesIntegrationTests {

	private static RerunDatabase database;

	@BeforeAll
	static void createDatabase() {
		database = new RerunDatabase();
	}

	@AfterAll
	static void closeDatabase() {
		database.close();
	}

	@AfterEach
	void disarm() {
		database.disarm();
	}

	@Nested
	@DataJpaTest
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	@ContextConfiguration(classes = Application.class)
	class OfDataJpa extends Slice {

	}

	@Nested
	@JdbcTest
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	@ContextConfiguration(classes = Application.class)
	class OfJdbc extends Slice {

	}

	@Nested
	@DataJdbcTest
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	@ContextConfiguration(classes = Application.class)
	class OfDataJdbc extends Slice {

	}

	@Nested
	@JooqTest
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	@ContextConfiguration(classes = Application.class)
	class OfJooq extends Slice {

	}

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	@Transactional
	class OfNothing extends Slice {

	}

	// In the thread of the transaction
	@Transactional
	@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SAME_THREAD)
	abstract static class Slice {

		@Autowired
		private Notes notes;

		@DynamicPropertySource
		static void dataSource(DynamicPropertyRegistry properties) {
			database.register(properties);
		}

		@Test
		@Transactional(propagation = Propagation.NOT_SUPPORTED)
		void rerunsOutsideOfATransactionOfTheTest() {
			this.notes.add("kept");
			assertThat(this.notes.attempts()).isEqualTo(2);
			assertThat(this.notes.remove("kept")).isEqualTo(1);
		}

		@Test
		void doesNotRerunWithinATransactionOfTheTest() {
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.notes.add("lost"));
			assertThat(this.notes.attempts()).isEqualTo(1);
		}

	}

	static class Notes {

		private final JdbcTemplate jdbc;

		private int attempts;

		Notes(DataSource dataSource) {
			this.jdbc = new JdbcTemplate(dataSource);
		}

		@RetryableTransaction
		void add(String text) {
			this.jdbc.update("insert into note (text) values (?)", text);
			if (++this.attempts == 1) {
				Integer pid = this.jdbc.queryForObject("select pg_backend_pid()", Integer.class);
				PostgresServer.shared().terminateBackend(pid);
				this.jdbc.queryForObject("select 1", Integer.class);
			}
		}

		int remove(String text) {
			return this.jdbc.update("delete from note where text = ?", text);
		}

		int attempts() {
			int count = this.attempts;
			this.attempts = 0;
			return count;
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Notes.class)
	static class Application {

	}

}
