package io.github.resilientdb.integration;

import java.sql.SQLException;
import java.util.List;

import io.github.resilientdb.test.proxy.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.Propagation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is rerun when, for each propagation, if a connection is lost.
 */
@SpringBootTest(classes = JdbcApplication.class, webEnvironment = WebEnvironment.NONE)
@ExtendWith(OutputCaptureExtension.class)
class RerunPropagationIntegrationTests {

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase();

	@Autowired
	private Transactions transactions;

	@Autowired
	private Scenario scenario;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	@ParameterizedTest
	@CsvSource({ "REQUIRED, 2, 1", "REQUIRES_NEW, 2, 1", "NESTED, 2, 1" })
	void rerunsACallThatBeginsATransaction(Propagation propagation, int runs, int entries) throws Exception {
		run(propagation, () -> this.scenario.enterAndDisconnectFirst("call"));
		assertThat(this.scenario.runs("call")).isEqualTo(runs);
		assertThat(this.scenario.entries()).hasSize(entries);
	}

	@ParameterizedTest
	@CsvSource({ "SUPPORTS", "NOT_SUPPORTED", "NEVER" })
	void doesNotRerunACallWithoutATransaction(Propagation propagation) {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> run(propagation, this::insertAndDisconnectOnOneConnection))
			.satisfies(RerunPropagationIntegrationTests::hasAdminShutdown);
		assertThat(this.scenario.runs("call")).isEqualTo(1);
	}

	@Test
	void doesNotRunAMandatoryCallWithoutATransaction() {
		assertThatExceptionOfType(IllegalTransactionStateException.class)
			.isThrownBy(() -> this.transactions.mandatory(() -> this.scenario.enter("call")));
		assertThat(this.scenario.runs("call")).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "REQUIRED, 2, 2", "REQUIRES_NEW, 1, 2", "NESTED, 2, 2", "SUPPORTS, 2, 2", "MANDATORY, 2, 2" })
	void rerunsTheCallThatBeganTheTransactionThatIsLost(Propagation inner, int outerRuns, int innerRuns)
			throws Exception {
		this.transactions.required(() -> {
			this.scenario.enter("outer");
			run(inner, () -> this.scenario.enterAndDisconnectFirst("inner"));
		});
		assertThat(this.scenario.runs("outer")).isEqualTo(outerRuns);
		assertThat(this.scenario.runs("inner")).isEqualTo(innerRuns);
		assertThat(this.scenario.entries()).containsExactly("inner", "outer");
	}

	@ParameterizedTest
	@CsvSource({ "REQUIRED, 2, 2", "REQUIRES_NEW, 1, 2", "NESTED, 2, 2", "SUPPORTS, 2, 2", "MANDATORY, 2, 2" })
	void rerunsTheCallWhoseCommitIsLost(Propagation inner, int outerRuns, int innerRuns) throws Exception {
		database.proxy().arm(Fault.DROP_REQUEST);
		this.transactions.required(() -> {
			this.scenario.enter("outer");
			run(inner, () -> this.scenario.enter("inner"));
		});
		database.awaitFaults();
		assertThat(this.scenario.runs("outer")).isEqualTo(outerRuns);
		assertThat(this.scenario.runs("inner")).isEqualTo(innerRuns);
		assertThat(this.scenario.entries()).containsExactly("inner", "outer");
	}

	@Test
	void rerunsAPlainInnerTransactionWithTheOuterOne() throws Exception {
		this.transactions.required(() -> {
			this.scenario.enter("outer");
			this.transactions.plainNew(() -> this.scenario.enterAndDisconnectFirst("inner"));
		});
		assertThat(this.scenario.runs("outer")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("inner", "outer");
	}

	@Test
	void rerunsTheOuterCallIfWorkOutsideOfItsTransactionLosesItsConnection() throws Exception {
		this.transactions.required(() -> {
			this.scenario.enter("outer");
			this.transactions.notSupported(() -> {
				if (this.scenario.runs("outer") == 1) {
					insertAndDisconnectOnOneConnection();
				}
			});
		});
		assertThat(this.scenario.runs("outer")).isEqualTo(2);
		// What runs outside of a transaction is not undone
		assertThat(this.scenario.entries()).containsExactly("call", "outer");
	}

	@Test
	void doesNotRunWhatMustNotBeInATransaction() {
		assertThatExceptionOfType(IllegalTransactionStateException.class)
			.isThrownBy(() -> this.transactions.required(() -> {
				this.scenario.enter("outer");
				this.transactions.never(() -> this.scenario.enter("inner"));
			}));
		assertThat(this.scenario.runs("outer")).isEqualTo(1);
		assertThat(this.scenario.entries()).isEmpty();
	}

	@Test
	void doesNotRerunWhatJoinedATransactionThatIsNotRetryable() {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.transactions
				.plain(() -> this.transactions.required(() -> this.scenario.enterAndDisconnectFirst("inner"))))
			.satisfies(RerunPropagationIntegrationTests::hasAdminShutdown);
		assertThat(this.scenario.runs("inner")).isEqualTo(1);
	}

	@Test
	void warnsThatARerunRepeatsACommittedInnerTransaction(CapturedOutput output) throws Exception {
		this.transactions.required(() -> {
			this.scenario.enter("outer");
			this.transactions.requiresNew(() -> this.scenario.enter("inner"));
			this.transactions.requiresNew(() -> this.scenario.enter("inner"));
			this.transactions.plainNew(() -> this.scenario.enter("plain"));
			if (this.scenario.runs("outer") == 1) {
				this.scenario.disconnect();
			}
		});
		assertThat(this.scenario.entries())
			.isEqualTo(List.of("inner", "inner", "inner", "inner", "outer", "plain", "plain"));
		String name = Transactions.class.getName();
		assertThat(output).containsOnlyOnce("repeats inner transactions")
			.contains("Rerunning %s.required repeats inner transactions that the failed attempt had committed: "
				.formatted(name) + "%s.requiresNew (2 times), %s.plainNew".formatted(name, name));
	}

	@Test
	void anInnerTransactionThatFailedAloneIsNotRepeatedByTheOuterOne(CapturedOutput output) throws Exception {
		this.transactions.required(() -> {
			this.scenario.enter("outer");
			this.transactions.requiresNew(() -> this.scenario.enterAndDisconnectFirst("inner"));
		});
		assertThat(this.scenario.entries()).containsExactly("inner", "outer");
		assertThat(output).doesNotContain("repeats inner transactions");
	}

	@Test
	void rerunsTheWholeIfTheOuterCallSwallowsWhatTheInnerOneThrew() throws Exception {
		this.transactions.required(() -> {
			this.scenario.enter("outer");
			try {
				this.transactions.required(() -> this.scenario.enterAndDisconnectFirst("inner"));
			}
			catch (DataAccessException ex) {
				// As if nothing had happened
			}
		});
		assertThat(this.scenario.runs("outer")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("inner", "outer");
	}

	@Test
	void doesNotHideTheReasonBehindAnUnexpectedRollback() {
		assertThatExceptionOfType(UnexpectedRollbackException.class).isThrownBy(() -> this.transactions.once(() -> {
			this.scenario.enter("outer");
			try {
				this.transactions.required(() -> this.scenario.enterAndDisconnectFirst("inner"));
			}
			catch (DataAccessException ex) {
				// As if nothing had happened
			}
		})).satisfies(RerunPropagationIntegrationTests::hasAdminShutdown);
		assertThat(this.scenario.entries()).isEmpty();
	}

	@Test
	void doesNotSeeCallsOfTheOwnClass() {
		assertThatException().isThrownBy(() -> this.transactions.viaThis(() -> {
			this.scenario.enter("call");
			throw new org.springframework.dao.CannotAcquireLockException("conflict",
					new SQLException("conflict", "40001"));
		}));
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		// Without a transaction, as ever
		assertThat(this.scenario.entries()).hasSize(1);
	}

	// Without a transaction, each statement of the template takes a connection
	private void insertAndDisconnectOnOneConnection() {
		this.scenario.enter("call");
		this.scenario.jdbc().execute((java.sql.Connection connection) -> {
			try (var statement = connection.createStatement();
					var pid = statement.executeQuery("select pg_backend_pid()")) {
				pid.next();
				io.github.resilientdb.testsupport.PostgresServer.shared().terminateBackend(pid.getInt(1));
				return statement.execute("select 1");
			}
		});
	}

	private void run(Propagation propagation, Transactions.Work work) throws Exception {
		switch (propagation) {
			case REQUIRED -> this.transactions.required(work);
			case REQUIRES_NEW -> this.transactions.requiresNew(work);
			case NESTED -> this.transactions.nested(work);
			case SUPPORTS -> this.transactions.supports(work);
			case NOT_SUPPORTED -> this.transactions.notSupported(work);
			case MANDATORY -> this.transactions.mandatory(work);
			case NEVER -> this.transactions.never(work);
		}
	}

	private static void hasAdminShutdown(Throwable thrown) {
		assertThat(thrown).rootCause()
			.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
	}

}
