package io.github.resilientdb.integration;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Statements;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What Spring's rules make of a transaction, and what is rerun of it if its connection is
 * lost.
 */
@SpringBootTest(classes = { JdbcApplication.class, RerunOutcomeIntegrationTests.Listeners.class },
		webEnvironment = WebEnvironment.NONE)
class RerunOutcomeIntegrationTests {

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase("create table unique_entry (text varchar primary key)");

	@Autowired
	private Transactions transactions;

	@Autowired
	private Scenario scenario;

	@Autowired
	private Listeners listeners;

	@Autowired
	private ApplicationEventPublisher events;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	@BeforeEach
	void reset() {
		this.scenario.jdbc().update("truncate unique_entry");
		this.listeners.seen.clear();
	}

	@Test
	void returnsIfOnlyTheAnswerOfTheCommitIsLost() throws Exception {
		database.proxy().arm(Fault.DROP_RESPONSE);
		this.transactions.required(() -> this.scenario.enter("call"));
		database.awaitFaults();
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	@Test
	void commitsOnACheckedException() {
		callThatThrowsACheckedException();
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	@Test
	void rerunsIfTheCommitOnACheckedExceptionIsLost() {
		database.proxy().arm(Fault.DROP_REQUEST);
		callThatThrowsACheckedException();
		assertThat(this.scenario.runs("call")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	@Test
	void doesNotRerunIfOnlyTheAnswerOfTheCommitOnACheckedExceptionIsLost() {
		database.proxy().arm(Fault.DROP_RESPONSE);
		callThatThrowsACheckedException();
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	private void callThatThrowsACheckedException() {
		IOException exception = new IOException("business");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.transactions.required(() -> {
			this.scenario.enter("call");
			throw exception;
		})).isSameAs(exception);
	}

	@Test
	void rollsBackOnACheckedExceptionIfToldSo() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.transactions.rollback(() -> {
			this.scenario.enter("call");
			throw new IOException("business");
		}));
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		assertThat(this.scenario.entries()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void commitsOnAnExceptionThatDoesNotRollBack(boolean lost) {
		if (lost) {
			database.proxy().arm(Fault.DROP_REQUEST);
		}
		IllegalStateException exception = new IllegalStateException("business");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.transactions.noRollback(() -> {
			this.scenario.enter("call");
			throw exception;
		})).isSameAs(exception);
		assertThat(this.scenario.runs("call")).isEqualTo(lost ? 2 : 1);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	@Test
	void rerunsWhatIsMarkedForRollback() throws Exception {
		this.transactions.required(() -> {
			TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
			this.scenario.enterAndDisconnectFirst("call");
		});
		assertThat(this.scenario.runs("call")).isEqualTo(2);
		assertThat(this.scenario.entries()).isEmpty();
	}

	@Test
	void returnsIfARollbackIsLost() throws Exception {
		this.transactions.required(() -> {
			TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
			this.scenario.enter("call");
			this.scenario.endSession();
		});
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		assertThat(this.scenario.entries()).isEmpty();
	}

	@Test
	void keepsABusinessExceptionWhoseRollbackIsLost() {
		IllegalArgumentException exception = new IllegalArgumentException("business");
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.transactions.required(() -> {
			this.scenario.enter("call");
			this.scenario.endSession();
			throw exception;
		})).isSameAs(exception);
		assertThat(exception).hasNoCause();
		assertThat(this.scenario.runs("call")).isEqualTo(1);
	}

	@Test
	void doesNotRerunAfterTheCommitWhateverACallbackThrows() {
		IllegalStateException exception = new IllegalStateException("callback");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.transactions.required(() -> {
			this.scenario.enter("call");
			afterCommit(() -> {
				throw exception;
			});
		})).isSameAs(exception);
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	@Test
	void doesNotRerunAfterTheCommitIfACallbackLosesTheConnection() {
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.transactions.required(() -> {
			this.scenario.enter("call");
			afterCommit(this.scenario::disconnect);
		})).satisfies(RerunOutcomeIntegrationTests::hasAdminShutdown);
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	@Test
	void aCallbackHasALivingConnectionIfOnlyTheAnswerOfTheCommitIsLost() throws Exception {
		List<String> seen = new ArrayList<>();
		database.proxy().arm(Fault.DROP_RESPONSE);
		this.transactions.required(() -> {
			this.scenario.enter("call");
			afterCommit(() -> seen.addAll(this.scenario.entries()));
		});
		database.awaitFaults();
		assertThat(seen).containsExactly("call");
		assertThat(this.scenario.runs("call")).isEqualTo(1);
	}

	@Test
	void rerunsATransactionOfACallbackAlone() throws Exception {
		this.transactions.required(() -> {
			this.scenario.enter("call");
			afterCommit(() -> runNew(() -> this.scenario.enterAndDisconnectFirst("callback")));
		});
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		assertThat(this.scenario.runs("callback")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("call", "callback");
	}

	@Test
	void rerunsIfTheMethodSwallowsTheDisconnectAndReturns() throws Exception {
		this.transactions.required(() -> {
			try {
				this.scenario.enterAndDisconnectFirst("call");
			}
			catch (DataAccessException ex) {
				// As if nothing had happened
			}
		});
		assertThat(this.scenario.runs("call")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	@Test
	void rerunsIfTheMethodThrowsSomethingElseBecauseOfTheDisconnect() throws Exception {
		this.transactions.required(() -> {
			try {
				this.scenario.enterAndDisconnectFirst("call");
			}
			catch (DataAccessException ex) {
				throw new IllegalStateException("wrapped", ex);
			}
		});
		assertThat(this.scenario.runs("call")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	@ParameterizedTest
	@CsvSource({ "40001, true", "40001, false", "40P01, true", "40P01, false" })
	void rerunsWhatTheServerRefusedWhateverTheMethodMakesOfIt(String state, boolean rethrown) throws Exception {
		database.proxy().arm(Fault.error(state), Statements.containing("insert into note"));
		this.transactions.required(() -> {
			try {
				this.scenario.enter("call");
			}
			catch (DataAccessException ex) {
				if (rethrown) {
					throw new IllegalStateException("too busy");
				}
			}
		});
		database.awaitFaults();
		assertThat(this.scenario.runs("call")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	@Test
	void failsTruthfullyIfTheSwallowedDisconnectIsNotToBeRerun() {
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.transactions.once(() -> {
			try {
				this.scenario.enterAndDisconnectFirst("call");
			}
			catch (DataAccessException ex) {
				// As if nothing had happened
			}
		})).satisfies(RerunOutcomeIntegrationTests::hasAdminShutdown);
		assertThat(this.scenario.entries()).isEmpty();
	}

	@Test
	void reportsAnEchoOfAFailedAttemptAsWhatItIsWithTheDisconnect() {
		assertThatExceptionOfType(DuplicateKeyException.class).isThrownBy(() -> this.transactions.required(() -> {
			this.transactions.plainNew(() -> this.scenario.jdbc().update("insert into unique_entry values ('a')"));
			this.scenario.enterAndDisconnectFirst("call");
		}))
			.satisfies((ex) -> assertThat(ex).rootCause()
				.isInstanceOfSatisfying(SQLException.class,
						(root) -> assertThat(root.getSQLState()).isEqualTo("23505")))
			.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
				.satisfies(RerunOutcomeIntegrationTests::hasAdminShutdown));
		assertThat(this.scenario.runs("call")).isEqualTo(1);
	}

	@Test
	void aUniqueValueThatAFailedAttemptInsertedIsFreeForTheNext() throws Exception {
		this.transactions.required(() -> {
			this.scenario.jdbc().update("insert into unique_entry values ('a')");
			this.scenario.enterAndDisconnectFirst("call");
		});
		assertThat(this.scenario.runs("call")).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void callsBackEachAttemptAsWhatBecameOfIt(boolean atCommit) throws Exception {
		List<String> seen = new ArrayList<>();
		if (atCommit) {
			database.proxy().arm(Fault.DROP_REQUEST);
		}
		this.transactions.required(() -> {
			int attempt = this.scenario.enter("call");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					seen.add("committed " + attempt);
				}

				@Override
				public void afterCompletion(int status) {
					seen.add("completed " + attempt + " " + status);
				}

			});
			if (attempt == 1 && !atCommit) {
				this.scenario.disconnect();
			}
		});
		assertThat(seen).containsExactly("completed 1 " + TransactionSynchronization.STATUS_ROLLED_BACK, "committed 2",
				"completed 2 " + TransactionSynchronization.STATUS_COMMITTED);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void publishesEventsOfTheAttemptThatCommitted(boolean atCommit) throws Exception {
		if (atCommit) {
			database.proxy().arm(Fault.DROP_REQUEST);
		}
		this.transactions.required(() -> {
			int attempt = this.scenario.enter("call");
			this.events.publishEvent(new Published(attempt));
			if (attempt == 1 && !atCommit) {
				this.scenario.disconnect();
			}
		});
		List<String> expected = new ArrayList<>(List.of("rolled back 1", "before 2", "committed 2"));
		if (atCommit) {
			expected.add(0, "before 1");
		}
		assertThat(this.listeners.seen).isEqualTo(expected);
	}

	@Test
	void publishesOnceIfOnlyTheAnswerOfTheCommitIsLost() throws Exception {
		database.proxy().arm(Fault.DROP_RESPONSE);
		this.transactions.required(() -> this.events.publishEvent(new Published(this.scenario.enter("call"))));
		assertThat(this.listeners.seen).containsExactly("before 1", "committed 1");
	}

	private void runNew(Transactions.Work work) {
		try {
			this.transactions.requiresNew(work);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void afterCommit(Runnable callback) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				callback.run();
			}

		});
	}

	private static void hasAdminShutdown(Throwable thrown) {
		assertThat(thrown).rootCause()
			.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
	}

	private record Published(int attempt) {

	}

	static class Listeners {

		private final List<String> seen = new ArrayList<>();

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void before(Published event) {
			this.seen.add("before " + event.attempt());
		}

		@TransactionalEventListener
		void committed(Published event) {
			this.seen.add("committed " + event.attempt());
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
		void rolledBack(Published event) {
			this.seen.add("rolled back " + event.attempt());
		}

	}

}
