package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationGate;
import io.github.resilientdb.commit.VerificationMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PostgresCommitSession}.
 */
class PostgresCommitSessionTests {

	private static final String IDENTIFY = "SAVEPOINT resilientdb; SELECT ";

	private static final ContinuityToken TOKEN = new ContinuityToken("cluster", "00000001", "100", "200");

	private static final ServerState SERVER = FakePostgres.state(FakePostgres.PID, false, TOKEN);

	// what a pooler leads to
	private static final ServerState ANOTHER_PROCESS = FakePostgres.state(7, false, TOKEN);

	private final FakePostgres postgres = new FakePostgres().withMarker()
		.answer("version()", FakePostgres.row("PostgreSQL 18"))
		.answer("pg_terminate_backend", FakePostgres.row("true"))
		.answer("txid_current_if_assigned()", FakePostgres.row(700L, "remote_apply"));

	private final List<Long> decisions = new ArrayList<>();

	private final PostgresCommitDialect dialect = new PostgresCommitDialect(
			CommitSettings.of(VerificationMode.MARKER, Duration.ofSeconds(5), true),
			new VerificationGate(this.postgres::connect), CommitListener.NONE, this.decisions::add);

	private final Connection physical = this.postgres.connect(0);

	private final PostgresCommitSession session = session(null);

	private PostgresCommitSession session(@Nullable Long lastAnswer) {
		try {
			return this.dialect.openLazily(this.physical, (lastAnswer != null) ? () -> lastAnswer : null);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void begin() throws SQLException {
		this.physical.setAutoCommit(false);
		execute("UPDATE account SET balance = 1");
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.physical.createStatement()) {
			statement.execute(sql);
		}
	}

	private CommitOutcome commit(boolean verify, boolean readOnly) throws SQLException {
		return this.session.commit(this.physical, new CommitRequest(verify, readOnly, 1234));
	}

	private static void assertNotCommitted(CommitOutcome outcome, NotCommittedReason reason) {
		assertThat(outcome).isInstanceOfSatisfying(NotCommitted.class,
				(not) -> assertThat(not.reason()).isEqualTo(reason));
	}

	private static void assertNotVerified(CommitOutcome outcome) {
		assertThat(outcome).isInstanceOfSatisfying(Unknown.class,
				(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.NOT_VERIFIED));
	}

	@Test
	void commitOnAClosedConnectionWasNeverSent() throws SQLException {
		begin();
		this.physical.close();
		assertNotCommitted(commit(true, false), NotCommittedReason.BEFORE_COMMIT);
		assertThat(this.postgres.log()).doesNotContain("COMMIT");
	}

	@Test
	void transactionWithoutAStatementNeedsNoVerification() throws SQLException {
		this.physical.setAutoCommit(false);
		assertThat(commit(true, false)).isSameAs(Committed.ORDINARY);
		assertThat(this.decisions).isEmpty();
	}

	@Test
	void transactionWhoseStatementFailedIsNotTakenForCommitted() throws SQLException {
		begin();
		this.postgres.answer("duplicate", FakePostgres.failure("23505"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute("INSERT a duplicate"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> commit(true, false))
			.matches((failure) -> "25P02".equals(failure.getSQLState()));
		assertThat(this.postgres.log()).contains("ROLLBACK").doesNotContain("COMMIT");
	}

	@ParameterizedTest
	@CsvSource({ "true, true, true", "true, false, false", "false, true, false" })
	void lostCommitOfATransactionThatOnlyReadIsKnownIfTheServerEnforcedIt(boolean requested, boolean enforced,
			boolean known) throws SQLException {
		this.physical.setReadOnly(enforced);
		begin();
		this.postgres.answer("COMMIT", FakePostgres.failure("08006"));
		CommitOutcome outcome = commit(true, requested);
		if (known) {
			assertNotCommitted(outcome, NotCommittedReason.READ_ONLY);
		}
		else {
			assertNotVerified(outcome);
		}
	}

	@Test
	void whatIsNotToBeVerifiedAsksForNoDecision() throws SQLException {
		begin();
		this.postgres.answer("COMMIT", FakePostgres.failure("08006"));
		assertNotVerified(commit(false, false));
		assertThat(this.decisions).isEmpty();
	}

	@Test
	void whatIsToBeVerifiedAsksForADecisionWithinTheDeadlineOfTheCall() throws SQLException {
		begin();
		assertThat(commit(true, false)).isSameAs(Committed.ORDINARY);
		assertThat(this.decisions).containsExactly(1234L);
	}

	@Test
	void sessionThatDoesNotKnowItsServerAsksBeforeItsCommit() throws SQLException {
		this.dialect.choose(this.postgres.connect(0), false);
		begin();
		assertThat(commit(true, false)).isSameAs(Committed.ORDINARY);
		assertThat(this.session.server()).isEqualTo(SERVER);
		assertThat(this.postgres.sent(IDENTIFY)).isOne();
		begin();
		assertThat(commit(true, false)).isSameAs(Committed.ORDINARY);
		assertThat(this.postgres.sent(IDENTIFY)).isOne();
	}

	@Test
	void lossBeforeTheCommitIsNoneOfTheCommit() throws SQLException {
		this.dialect.choose(this.postgres.connect(0), false);
		begin();
		this.postgres.answer(IDENTIFY, FakePostgres.failure("08006"));
		assertNotCommitted(commit(true, false), NotCommittedReason.BEFORE_COMMIT);
		assertThat(this.postgres.sent("_set\"(?); COMMIT")).isZero();
	}

	@Test
	void serverThatDoesNotSayWhoItIsKeepsNoTransactionFromBeingCommitted() throws SQLException {
		this.dialect.choose(this.postgres.connect(0), false);
		begin();
		this.postgres.answer(IDENTIFY, FakePostgres.failure("42501"));
		assertThat(commit(true, false)).isSameAs(Committed.ORDINARY);
		assertThat(this.session.server()).isEqualTo(ServerState.UNKNOWN);
		assertThat(this.postgres.sent("ROLLBACK TO SAVEPOINT")).isOne();
	}

	@Test
	void claimsNothingBeforeItKnowsItsServer() throws SQLException {
		assertThat(this.session.isSuperseded()).isFalse();
		assertThat((Throwable) this.session.doubt(0)).isNull();
		assertThat(this.session.look(this.physical)).isEqualTo(BackendState.UNIDENTIFIED);
		assertThat(this.session.endWaiting(this.physical)).isFalse();
		assertThat(this.session.release(Long.MAX_VALUE)).isFalse();
		assertThat(this.session.mayShareServer(this.session)).isTrue();
		assertThat(this.postgres.log()).isEmpty();
	}

	@Test
	void doesNotTakeTheProcessBehindAPoolerForItsOwn() throws SQLException {
		PostgresCommitSession pooled = session(1L);
		pooled.identify(ANOTHER_PROCESS);
		assertThat(pooled.isPooled()).isTrue();
		assertThat(pooled.process()).isNull();
		assertThat(pooled.committingProcess()).isNull();
		assertThat(pooled.endWaiting(this.physical)).isFalse();
		assertThat(pooled.release(Long.MAX_VALUE)).isFalse();
		assertThat(this.postgres.sent("pg_terminate_backend")).isZero();
	}

	@Test
	void knowsItsProcessByTheStartOfItsTransactionAndItsLastAnswer() {
		PostgresCommitSession answered = session(Long.MAX_VALUE);
		answered.identify(SERVER);
		long before = System.nanoTime();
		answered.transactionBegins();
		assertThat(answered.process()).isEqualTo(answered.committingProcess()).satisfies((process) -> {
			assertThat(process.pid()).isEqualTo(FakePostgres.PID);
			assertThat(process.start()).isEqualTo("1000");
			assertThat(process.began()).isBetween(before, System.nanoTime());
			assertThat(process.lastAnswer()).isEqualTo(Long.MAX_VALUE);
		});
	}

	@Test
	void withoutALastAnswerItsProcessIsKnownOnlyWhileItCommits() throws SQLException {
		this.session.identify(SERVER);
		assertThat(this.session.process()).isNull();
		assertThat(this.session.release(Long.MAX_VALUE)).isFalse();
		assertThat(this.postgres.sent("pg_terminate_backend")).isZero();
		assertThat(this.session.committingProcess()).isNotNull();
	}

	@Test
	void releasesItsProcess() throws SQLException {
		this.postgres.answer("clock_timestamp()", FakePostgres.row("1"));
		PostgresCommitSession answered = session(System.nanoTime());
		answered.identify(SERVER);
		assertThat(answered.release(Long.MAX_VALUE)).isTrue();
		assertThat(this.postgres.sent("pg_terminate_backend")).isOne();
	}

	@Test
	void mayShareItsServerWithAnyThatIsNotKnownToBeOnAnother() {
		PostgresCommitSession other = session(null);
		this.session.identify(SERVER);
		assertThat(this.session.mayShareServer(other)).isTrue();
		other.identify(FakePostgres.state(FakePostgres.PID, false,
				new ContinuityToken("cluster", "00000001", "100", "later")));
		assertThat(this.session.mayShareServer(other)).isFalse();
		assertThat(this.session.mayShareServer(new Foreign())).isTrue();
	}

	@Test
	void readsTheIdOfItsTransaction() throws SQLException {
		this.session.identify(SERVER);
		begin();
		assertThat(this.session.readXid(this.physical)).isEqualTo(700);
		assertThat(this.session.isApplied()).isTrue();
		assertThat(this.session.server()).isEqualTo(SERVER);
	}

	@Test
	void behindAPoolerReadsTheServerOfTheTransactionWithItsId() throws SQLException {
		this.session.identify(ANOTHER_PROCESS);
		begin();
		this.postgres.answer(IDENTIFY + SessionStatements.XID,
				FakePostgres.row(701L, "on", 9, "2000", false, false, "cluster", "00000002", "300", "400"));
		assertThat(this.session.readXid(this.physical)).isEqualTo(701);
		assertThat(this.session.isApplied()).isFalse();
		assertThat(this.session.server().token().timeline()).isEqualTo("00000002");
	}

	@Test
	void behindAPoolerKnowsNoServerIfItMayNotBeRead() throws SQLException {
		this.session.identify(ANOTHER_PROCESS);
		begin();
		this.postgres.answer(IDENTIFY + SessionStatements.XID, FakePostgres.failure("42501"));
		assertThat(this.session.readXid(this.physical)).isEqualTo(700);
		assertThat(this.session.server()).isEqualTo(ServerState.UNKNOWN);
	}

	@Test
	void limitsNothingInATransactionThatHasFailed() throws SQLException {
		begin();
		this.postgres.answer("duplicate", FakePostgres.failure("23505"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute("INSERT a duplicate"));
		assertThat(this.session.limitLockWaits(this.physical, 1_000_000)).isFalse();
		assertThat(this.postgres.sent("lock_timeout")).isZero();
	}

	private static final class Foreign implements CommitSession {

		@Override
		public CommitOutcome commit(Connection physical, CommitRequest request) {
			return Committed.ORDINARY;
		}

		@Override
		public boolean release(long deadlineNanos) {
			return false;
		}

		@Override
		public boolean limitLockWaits(Connection physical, long nanos) {
			return false;
		}

	}

}
