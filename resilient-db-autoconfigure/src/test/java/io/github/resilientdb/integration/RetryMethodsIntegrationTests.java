package io.github.resilientdb.integration;

import java.sql.SQLException;

import javax.sql.DataSource;

import io.github.resilientdb.test.proxy.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Methods that are rerun because {@code resilientdb.retry.methods} selects them, when
 * their connection or their COMMIT is lost.
 */
@SpringBootTest(classes = RetryMethodsIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE,
		properties = "resilientdb.retry.methods=*")
class RetryMethodsIntegrationTests {

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase();

	@Autowired
	private Plain plain;

	@Autowired
	private Scenario scenario;

	@Autowired
	private DataSource dataSource;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	@Test
	void areRerunWithJakartasAnnotation() throws Exception {
		this.plain.jakarta(() -> this.scenario.enterAndDisconnectFirst("call"));
		assertThat(this.scenario.runs("call")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	@Test
	void areRerunWithTheWholeOfTheirTransaction() throws Exception {
		this.plain.spring(() -> {
			this.scenario.enter("outer");
			this.plain.jakarta(() -> this.scenario.enterAndDisconnectFirst("inner"));
		});
		assertThat(this.scenario.runs("outer")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("inner", "outer");
	}

	@Test
	void areNotRerunAfterAnIndependentTransaction() {
		refuses(() -> this.plain.spring(() -> {
			this.plain.requiresNew(() -> this.scenario.enter("inner"));
			this.scenario.enterAndDisconnectFirst("outer");
		}), Plain.class.getName() + ".requiresNew");
		assertThat(this.scenario.entries()).containsExactly("inner");
	}

	@Test
	void areNotRerunAfterAnIndependentTransactionAtALostCommit() {
		database.proxy().arm(Fault.DROP_REQUEST, (statement) -> statement.equalsIgnoreCase("commit"), 2);
		refuses(() -> this.plain.spring(() -> {
			this.plain.requiresNew(() -> this.scenario.enter("inner"));
			this.scenario.enter("outer");
		}), Plain.class.getName() + ".requiresNew");
		assertThat(this.scenario.entries()).containsExactly("inner");
	}

	@Test
	void areNotRerunAfterAStatementInAutoCommitMode() {
		refuses(() -> this.plain.spring(() -> {
			this.plain.notSupported(() -> this.scenario.insert("auto-commit"));
			this.scenario.enterAndDisconnectFirst("outer");
		}), "statements in auto-commit mode");
		assertThat(this.scenario.entries()).containsExactly("auto-commit");
	}

	@Test
	void areNotRerunAfterATransactionThatSpringDoesNotManage() {
		refuses(() -> this.plain.spring(() -> {
			try (var connection = this.dataSource.getConnection(); var statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.executeUpdate("insert into note (text) values ('own')");
				connection.commit();
			}
			this.scenario.enterAndDisconnectFirst("outer");
		}), "transactions that Spring doesn't manage");
		assertThat(this.scenario.entries()).containsExactly("own");
	}

	@Test
	void areRerunAfterAnIndependentTransactionThatOnlyReadOrFailed() throws Exception {
		this.plain.spring(() -> {
			this.scenario.enter("outer");
			this.plain.readOnly(() -> this.scenario.jdbc().queryForObject("select 1", Integer.class));
			this.plain.requiresNew(() -> {
				if (this.scenario.runs("outer") == 1) {
					throw new CannotAcquireLockException("conflict", new SQLException("conflict", "40001"));
				}
			});
		});
		assertThat(this.scenario.entries()).containsExactly("outer");
	}

	private void refuses(Executable call, String work) {
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class).isThrownBy(call::execute)
			.withMessageContaining(Plain.class.getName() + ".spring was not committed, and is not rerun")
			.withMessageContaining("(" + work + ")")
			.withMessageContaining("annotate the method with @RetryableTransaction")
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining(SQLException.class.getSimpleName()));
		assertThat(this.scenario.runs("outer")).isEqualTo(1);
	}

	/**
	 * What nobody has annotated for us.
	 */
	static class Plain {

		@Transactional
		public void spring(Transactions.Work work) throws Exception {
			work.run();
		}

		@jakarta.transaction.Transactional
		public void jakarta(Transactions.Work work) throws Exception {
			work.run();
		}

		@Transactional(propagation = Propagation.REQUIRES_NEW)
		public void requiresNew(Transactions.Work work) throws Exception {
			work.run();
		}

		@Transactional(propagation = Propagation.REQUIRES_NEW, readOnly = true)
		public void readOnly(Transactions.Work work) throws Exception {
			work.run();
		}

		@Transactional(propagation = Propagation.NOT_SUPPORTED)
		public void notSupported(Transactions.Work work) throws Exception {
			work.run();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ JdbcApplication.class, Plain.class })
	static class Application {

	}

}
