package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Decided;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Next;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Pending;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link XidQuestion}.
 */
class XidQuestionTests {

	private static final String STATUS = "txid_status(?)";

	private static final String HOLDER = "THEN 'SYNC_REPLICATION'";

	private static final String PREPARED = "pg_prepared_xacts";

	private static final String TERMINATE = "pg_terminate_backend";

	// of the second epoch
	private static final long XID = (1L << 32) + 700;

	private static final ContinuityToken TOKEN = new ContinuityToken("cluster", "00000001", "100", "200");

	private final SQLException failure = new SQLException("lost", "08006");

	private final FakePostgres postgres = new FakePostgres().answer("pg_catalog.now()", FakePostgres.row("1"))
		.answer(TERMINATE, FakePostgres.row("true"));

	private final long created = System.nanoTime();

	private final XidQuestion question = question(false);

	private XidQuestion question(boolean applied) {
		return new XidQuestion(XID, FakePostgres.state(FakePostgres.PID, false, TOKEN), applied,
				new BackendFence(true, CommitListener.NONE), new Barrier(), this.failure);
	}

	private CommitOutcome ask(XidQuestion question) throws SQLException {
		return ((Decided) question.ask(this.postgres.begin())).outcome();
	}

	private void assertPending(UnknownReason reason) throws SQLException {
		assertThat(this.question.ask(this.postgres.begin())).isEqualTo(Pending.of(reason));
	}

	private void assertFails(UnknownReason reason) {
		assertThatExceptionOfType(NoAnswerException.class).isThrownBy(() -> ask(this.question))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	private void assertUnknown(UnknownReason reason) throws SQLException {
		assertThat(ask(this.question)).isInstanceOfSatisfying(Unknown.class, (unknown) -> {
			assertThat(unknown.reason()).isEqualTo(reason);
			assertThat((Throwable) unknown.cause()).isSameAs(this.failure);
		});
	}

	@ParameterizedTest
	@CsvSource({ "false, on", "true, remote_apply" })
	void committedIsConfirmedByABarrierAsStrongAsTheTransaction(boolean applied, String strength) throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("committed"));
		assertThat(ask(question(applied))).isEqualTo(Committed.VERIFIED);
		assertThat(this.postgres.sent("SET LOCAL synchronous_commit = " + strength)).isOne();
	}

	@Test
	void barrierThatIsNotConfirmedIsNoConfirmation() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("committed"))
			.answer("COMMIT", (parameters) -> new SQLWarning("not replicated"));
		assertPending(UnknownReason.NOT_REPLICATED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "aborted", "never given" })
	void abortedOrNeverGivenIsNotCommitted(String status) throws SQLException {
		this.postgres.answer(STATUS,
				status.equals("aborted") ? FakePostgres.row(status) : FakePostgres.failure("22023"));
		assertThat(ask(this.question)).isInstanceOfSatisfying(NotCommitted.class, (outcome) -> {
			assertThat(outcome.reason()).isEqualTo(NotCommittedReason.ROLLED_BACK);
			assertThat((Throwable) outcome.cause()).isSameAs(this.failure);
		});
	}

	@Test
	void forgottenProvesNothing() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row((Object) null));
		assertUnknown(UnknownReason.TOO_OLD);
	}

	@ParameterizedTest
	@CsvSource({ "other, 00000001, 100, 200, DIFFERENT_CLUSTER", "cluster, 00000002, 300, 400, SERVER_RESTARTED" })
	void committedOnAnotherRunProvesNothing(String cluster, String timeline, String reset, String start,
			UnknownReason reason) throws SQLException {
		this.postgres.server(FakePostgres.state(9, false, new ContinuityToken(cluster, timeline, reset, start)))
			.answer(STATUS, FakePostgres.row("committed"));
		assertUnknown(reason);
	}

	@Test
	void standbyIsNotEvenAsked() throws SQLException {
		this.postgres.server(FakePostgres.state(9, true, TOKEN));
		assertPending(UnknownReason.STANDBY_ONLY);
		assertThat(this.postgres.sent(STATUS)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "57P01", "42883" })
	void failureIsNoAnswer(String state) {
		this.postgres.answer(STATUS, FakePostgres.failure(state));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> ask(this.question))
			.isNotInstanceOf(NoAnswerException.class);
	}

	@Test
	void failureOfABarrierIsNoConfirmation() {
		this.postgres.answer(STATUS, FakePostgres.row("committed")).answer("COMMIT", FakePostgres.failure("08006"));
		assertFails(UnknownReason.NOT_REPLICATED);
	}

	@Test
	void failureToFindAProcessLeavesItInProgress() {
		this.postgres.answer(STATUS, FakePostgres.row("in progress")).answer(HOLDER, FakePostgres.failure("57P01"));
		assertFails(UnknownReason.STILL_IN_PROGRESS);
	}

	@Test
	void wordThatPostgresDoesNotKnowIsNoAnswer() {
		this.postgres.answer(STATUS, FakePostgres.row("prepared"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> ask(this.question))
			.withMessageContaining("prepared");
	}

	@ParameterizedTest
	@CsvSource({ "SYNC_REPLICATION, SYNC_REPLICATION_PENDING", "HIDDEN, STILL_IN_PROGRESS" })
	void processThatMayWaitForItsStandbyIsNeverEnded(String holder, UnknownReason reason) throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("in progress")).answer(HOLDER, FakePostgres.row(holder));
		assertPending(reason);
		assertThat(this.postgres.sent(TERMINATE)).isZero();
	}

	@Test
	void processThatIsAtItIsEndedAfterAGrace() throws SQLException {
		List<Object> ended = new ArrayList<>();
		this.postgres.answer(STATUS, FakePostgres.row("in progress"))
			.answer(HOLDER, FakePostgres.row("ACTIVE"))
			.answer(TERMINATE, (parameters) -> {
				ended.addAll(Arrays.asList(parameters));
				return new Object[] { "true" };
			});
		Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> {
			Pending pending = (Pending) this.question.ask(this.postgres.begin());
			assertThat(pending.reason()).isEqualTo(UnknownReason.STILL_IN_PROGRESS);
			return pending.next() == Next.SOON;
		});
		assertThat(System.nanoTime() - this.created).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(250));
		assertPending(UnknownReason.STILL_IN_PROGRESS);
		assertThat(ended).as("as the server shows it, without its epoch").containsExactly(700L);
		this.postgres.answer(STATUS, FakePostgres.row("aborted"));
		assertThat(ask(this.question)).isInstanceOf(NotCommitted.class);
	}

	@Test
	void transactionWithoutAProcessMayBePrepared() throws SQLException {
		List<Object> asked = new ArrayList<>();
		this.postgres.answer(STATUS, FakePostgres.row("in progress")).answer(PREPARED, (parameters) -> {
			asked.addAll(Arrays.asList(parameters));
			return new Object[] { "gid" };
		});
		assertUnknown(UnknownReason.PREPARED);
		assertThat(asked).as("as the server shows it, without its epoch").containsExactly(700L);
	}

	@Test
	void transactionWithoutAProcessIsAboutToEnd() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("in progress"));
		assertPending(UnknownReason.STILL_IN_PROGRESS);
		assertThat(this.postgres.sent(PREPARED)).isOne();
		assertThat(this.postgres.sent(TERMINATE)).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void givesUpWithAStatementForAnOperatorWhereOneCanTell(UnknownReason reason) {
		boolean can = !Set
			.of(UnknownReason.SERVER_RESTARTED, UnknownReason.DIFFERENT_CLUSTER, UnknownReason.TOO_OLD,
					UnknownReason.PREPARED)
			.contains(reason);
		assertThat(this.question.unknown(reason)).isInstanceOfSatisfying(Unknown.class, (unknown) -> {
			assertThat(unknown.transaction()).isEqualTo("xid 4294967996 of server run cluster/00000001/100/200");
			assertThat(unknown.statement().contains("txid_status(4294967996)")).isEqualTo(can);
			assertThat(unknown.statement().isEmpty()).isEqualTo(!can);
		});
	}

}
