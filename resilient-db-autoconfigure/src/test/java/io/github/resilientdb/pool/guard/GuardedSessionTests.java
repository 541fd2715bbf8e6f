package io.github.resilientdb.pool.guard;

import java.io.EOFException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

// A ledger is confined to its thread
@Timeout(value = 30, threadMode = ThreadMode.SAME_THREAD)
class GuardedSessionTests {

	private final FakeCommits commits = new FakeCommits();

	private final TestRegistry pool = new TestRegistry();

	private GuardedSession session;

	@BeforeEach
	void open() throws SQLException {
		this.session = this.pool.session(this.commits);
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	private static SQLException silence() {
		return new SQLException("I/O error", "08006", new EOFException());
	}

	@Test
	void whatNeedsTheServerFailsWithWhatEndedTheConnection() {
		SQLException end = FakeDatabase.lost();
		this.session.failed(end);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.session.call(Connection::getSchema))
			.withCause(end);
		assertThat(this.pool.server().calls()).doesNotContain("getSchema");
	}

	@Test
	void aLossBeforeItsFirstUseIsNoneThatHikariPassesOver() throws SQLException {
		SQLException loss = new SQLException("reset", "08006");
		GuardedConnection connection = this.pool.open(this.commits);
		this.pool.server().failOn(loss, "getTransactionIsolation");
		assertThatExceptionOfType(SQLException.class).isThrownBy(connection::getTransactionIsolation)
			.withCause(loss)
			.satisfies((failure) -> assertThat(failure.getSQLState()).doesNotStartWith("08"));
	}

	@ParameterizedTest
	@CsvSource({ "57P01, true, DISCONNECT", "08006, true, DISCONNECT", "40001, false, SERIALIZATION_FAILURE",
			"40P01, false, DEADLOCK", "23505, false, OTHER", "25006, true, DISCONNECT" })
	void aFailureMayBeTheEndAndMayMeanSomethingToTheAttempt(String sqlState, boolean lost, Kind kind)
			throws SQLException {
		try (AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE)) {
			this.session.transaction().autoCommitOff();
			this.session.transaction().executing(this.session.physical().connection());
			SQLException failure = new SQLException("failed", sqlState);
			this.pool.server().failOn(failure, "getSchema");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.session.call(Connection::getSchema))
				.isSameAs(failure);
			assertThat(this.session.isLost()).isEqualTo(lost);
			assertThat(ledger.lossVerdict(failure) != null).isEqualTo(kind == Kind.DISCONNECT);
			assertThat(ledger.connectionLost()).isEqualTo(kind == Kind.DISCONNECT);
		}
	}

	@Test
	void aRefusalToWriteIsOrdinaryInAReadOnlyTransaction() {
		this.session.transaction().readOnly(true);
		this.session.failed(new SQLException("read-only", "25006"));
		assertThat(this.session.isLost()).isFalse();
		assertThat(this.pool.connections().database().primary().isInForce()).isFalse();
	}

	@Test
	void aTransactionMayBeDeclaredReadOnlyByHand() throws SQLException {
		StatementGuard statements = new StatementGuard(this.session.physical().connection(), this.session);
		this.session.transaction().autoCommitOff();
		statements.executed("set transaction read only");
		this.session.failed(new SQLException("read-only", "25006"));
		assertThat(this.session.isLost()).isFalse();
		this.session.transaction().ended(TransactionOutcome.ROLLED_BACK);
		this.session.failed(new SQLException("read-only", "25006"));
		assertThat(this.session.isLost()).isTrue();
	}

	@Test
	void whatIsDeclaredOutsideOfATransactionMeansNothing() throws SQLException {
		StatementGuard statements = new StatementGuard(this.session.physical().connection(), this.session);
		statements.executed("set transaction read only");
		this.session.failed(new SQLException("read-only", "25006"));
		assertThat(this.session.isLost()).isTrue();
	}

	@Test
	void aRefusalToWriteAsksForAPrimary() {
		this.session.failed(new SQLException("read-only", "25006"));
		assertThat(this.session.life().reason()).isEqualTo("read-only");
		assertThat(this.pool.connections().database().primary().isInForce()).isTrue();
	}

	@Test
	void whatOnlyTidiesUpIsSilentAboutALoss() {
		AtomicBoolean done = new AtomicBoolean();
		assertThatNoException().isThrownBy(() -> this.session.tidyUp((connection) -> {
			throw silence();
		}));
		assertThat(this.session.isLost()).isTrue();
		assertThatNoException().isThrownBy(() -> this.session.tidyUp((connection) -> done.set(true)));
		assertThat(done).isFalse();
	}

	@Test
	void whatOnlyTidiesUpIsNotSilentAboutAnythingElse() {
		SQLException refusal = new SQLException("no such schema", "3F000");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.session.tidyUp((connection) -> {
			throw refusal;
		})).isSameAs(refusal);
		assertThat(this.session.isLost()).isFalse();
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> this.session.tidyUp((connection) -> {
			throw new StackOverflowError();
		}));
		assertThat(this.session.life().reason()).isEqualTo("driver-error");
	}

	// the driver makes what had failed the transaction the cause of whatever follows
	private static SQLException answer(String sqlState, String failedBefore) {
		return new SQLException("answer", sqlState, new SQLException("failed before", failedBefore));
	}

	@ParameterizedTest
	@CsvSource({ "57P01, 57014, admin-shutdown", "57P01, 25006, admin-shutdown", "57P01, 40P01, admin-shutdown",
			"57P01, 23505, admin-shutdown", "25P04, 57014, transaction-timeout" })
	void aRollbackIsSilentAboutALossWhateverHadFailedBefore(String sqlState, String failedBefore, String reason)
			throws SQLException {
		GuardedConnection connection = this.pool.open(this.commits);
		connection.setAutoCommit(false);
		try (AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE)) {
			connection.session().transaction().executing(this.pool.server().connection);
			this.pool.server().failOn(answer(sqlState, failedBefore), "rollback");
			assertThatNoException().isThrownBy(connection::rollback);
			assertThatNoException().isThrownBy(connection::rollback);
			assertThat(connection.session().isLost()).isTrue();
			assertThatNoException().isThrownBy(() -> connection.setAutoCommit(true));
			assertThat(this.pool.server().calls()).doesNotContain("commit").containsOnlyOnce("rollback");
			assertThat(ledger.connectionLost()).isFalse();
		}
		assertThat(this.pool.told()).filteredOn((event) -> event.startsWith("disconnected"))
			.containsExactly("disconnected TRANSACTION " + reason + " " + sqlState);
	}

	@Test
	void aRollbackIsNotSilentAboutAnythingElse() throws SQLException {
		GuardedConnection connection = this.pool.open(this.commits);
		connection.setAutoCommit(false);
		SQLException refusal = answer("XX000", "57014");
		this.pool.server().failOn(refusal, "rollback");
		assertThatExceptionOfType(SQLException.class).isThrownBy(connection::rollback).isSameAs(refusal);
		assertThat(connection.session().isLost()).isFalse();
	}

	@Test
	void aSavepointThatCannotBeRolledBackToSaysSo() throws SQLException {
		GuardedConnection connection = this.pool.open(this.commits);
		connection.setAutoCommit(false);
		Savepoint savepoint = connection.setSavepoint();
		SQLException end = answer("57P01", "57014");
		this.pool.server().failOn(end, "rollback");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.rollback(savepoint)).isSameAs(end);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anErrorOfTheDriverIsALossIfItHasClosedTheConnection(boolean closed) throws SQLException {
		Connection physical = this.session.physical().connection();
		if (closed) {
			physical.close();
		}
		try (AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE)) {
			Error error = new AssertionError("getAutoCommit() should not throw");
			new StatementGuard(physical, this.session).driverFailed(error);
			assertThat(this.session.isLost()).isEqualTo(closed);
			assertThat(ledger.connectionLost()).isEqualTo(closed);
		}
	}

	@ParameterizedTest
	@CsvSource({ "08006, false, true", "08006, true, false", "57P01, false, false" })
	void theServersSideIsEndedIfItMayHoldLocks(String sqlState, boolean autoCommit, boolean released)
			throws SQLException {
		if (!autoCommit) {
			this.session.transaction().autoCommitOff();
		}
		this.session.failed(new SQLException("lost", sqlState));
		this.session.failed(new SQLException("lost", sqlState));
		GuardedSession last = this.pool.session(this.commits);
		last.transaction().autoCommitOff();
		last.failed(silence());
		int expected = released ? 2 : 1;
		Awaitility.await().until(() -> this.commits.calls().size() >= expected);
		assertThat(this.commits.calls()).hasSize(expected).containsOnly("release");
	}

	@Test
	void aLossIsReportedOnce() {
		this.session.lost(silence(), Loss.NO_ANSWER, Phase.CHECKOUT);
		this.session.lost(FakeDatabase.lost(), Loss.SERVER_SLOW, Phase.TRANSACTION);
		assertThat(this.session.life().reason()).isEqualTo("ping-failed");
		assertThat(this.pool.told()).filteredOn((event) -> event.startsWith("disconnected"))
			.containsExactly("disconnected CHECKOUT ping-failed 08006");
	}

	@Test
	void whatIsLentIsNotTakenAway() {
		this.session.life().lend(new FakeDatabase().getConnection());
		this.session.abandonIfIdle("invalidated");
		assertThat(this.session.isLost()).isFalse();
		this.session.life().closed();
		this.session.abandonIfIdle("invalidated");
		assertThat(this.session.life().reason()).isEqualTo("invalidated");
		assertThat(this.pool.told()).isEmpty();
	}

	@Test
	void whatBelongsToSomebodyElseIsNotClosed() throws SQLException {
		this.session.life().detach();
		this.session.close();
		assertThat(this.pool.server().isClosed()).isFalse();
	}

	@Test
	void aDeadConnectionIsClosedAsWell() throws SQLException {
		this.session.failed(FakeDatabase.lost());
		this.session.close();
		assertThat(this.pool.server().isClosed()).isTrue();
	}

	@Test
	void aDriverThatCannotSayWhetherItIsClosedIs() {
		assertThat(this.session.isClosedByDriver()).isFalse();
		this.pool.server().failOn(silence(), "isClosed");
		assertThat(this.session.isClosedByDriver()).isTrue();
	}

}
