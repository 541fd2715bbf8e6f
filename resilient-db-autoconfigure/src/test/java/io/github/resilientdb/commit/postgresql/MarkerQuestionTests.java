package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.MarkerTable;
import io.github.resilientdb.commit.postgresql.MarkerQuestion.Lifetime;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Decided;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Next;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Pending;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MarkerQuestion}.
 */
class MarkerQuestionTests {

	private static final String STATUS = "SELECT status::text";

	private static final String TOMBSTONE = "INSERT INTO \"public\"";

	private static final String HOLDER = "THEN 'SYNC_REPLICATION'";

	private static final String TERMINATE = "pg_terminate_backend";

	private static final ContinuityToken TOKEN = new ContinuityToken("cluster", "00000001", "100", "200");

	private static final ServerState BEFORE = FakePostgres.state(FakePostgres.PID, false, TOKEN);

	private static final BackendFence.Backend PROCESS = new BackendFence.Backend(7, "1000", 0, 0);

	private static final UUID MARKER = UUID.fromString("01890000-0000-7000-8000-000000000001");

	private final SQLException failure = new SQLException("lost", "08006");

	private final FakePostgres postgres = new FakePostgres().answer("pg_catalog.now()", FakePostgres.row("1"))
		.answer("clock_timestamp()", FakePostgres.row("1"))
		.answer(TERMINATE, FakePostgres.row("true"));

	private final long created = System.nanoTime();

	private final MarkerQuestion question = question(BEFORE, PROCESS, Lifetime.of(Duration.ofHours(1)));

	private MarkerQuestion question(ServerState before, BackendFence.@Nullable Backend process, Lifetime life) {
		return new MarkerQuestion(new MarkerTable("public", "marker"), MARKER, before, process,
				new BackendFence(true, CommitListener.NONE), new Barrier(), life, this.failure);
	}

	private CommitOutcome ask(MarkerQuestion question) throws SQLException {
		return ((Decided) question.ask(this.postgres.begin())).outcome();
	}

	private void assertPending(UnknownReason reason) throws SQLException {
		assertThat(this.question.ask(this.postgres.begin())).isEqualTo(Pending.of(reason));
	}

	private void assertFails(UnknownReason reason) {
		assertThatExceptionOfType(NoAnswerException.class).isThrownBy(() -> ask(this.question))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	private void assertUnknown(CommitOutcome outcome, UnknownReason reason) {
		assertThat(outcome).isInstanceOfSatisfying(Unknown.class, (unknown) -> {
			assertThat(unknown.reason()).isEqualTo(reason);
			assertThat((Throwable) unknown.cause()).isSameAs(this.failure);
		});
	}

	private void assertNotCommitted(CommitOutcome outcome, NotCommittedReason reason) {
		assertThat(outcome).isInstanceOfSatisfying(NotCommitted.class, (not) -> {
			assertThat(not.reason()).isEqualTo(reason);
			assertThat((Throwable) not.cause()).isSameAs(this.failure);
		});
	}

	@ParameterizedTest
	@CsvSource({ "C, on", "A, remote_apply" })
	void markerThatIsThereIsConfirmedByABarrierAsStrongAsItsTransaction(String status, String strength)
			throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row(status));
		assertThat(ask(this.question)).isEqualTo(Committed.VERIFIED);
		assertThat(this.postgres.sent("SET LOCAL synchronous_commit = " + strength)).isOne();
		assertThat(this.postgres.sent(TERMINATE)).isZero();
	}

	@Test
	void barrierThatIsNotConfirmedIsNoConfirmation() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("C"))
			.answer("COMMIT", (parameters) -> new SQLWarning("not replicated"));
		assertPending(UnknownReason.NOT_REPLICATED);
	}

	@Test
	void tombstoneMeansNotCommittedOnceItIsCommittedItself() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("F"));
		assertNotCommitted(ask(this.question), NotCommittedReason.FENCED);
		assertThat(this.postgres.log()).containsOnlyOnce("COMMIT");
		assertThat(this.postgres.sent(TERMINATE)).isOne();
	}

	@Test
	void tombstoneThatWasLostProvesNothing() {
		this.postgres.answer(STATUS, FakePostgres.row("F")).answer("COMMIT", FakePostgres.failure("08006"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> ask(this.question));
		assertThat(this.postgres.sent(TERMINATE)).isZero();
	}

	@Test
	void locksThatCannotBeReleasedChangeNothing() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("F")).answer(TERMINATE, FakePostgres.failure("08006"));
		assertNotCommitted(ask(this.question), NotCommittedReason.FENCED);
		assertThat(this.failure.getSuppressed()).hasSize(1);
	}

	@Test
	void processThatIsNotKnownIsNotEnded() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("F"));
		MarkerQuestion pooled = question(BEFORE, null, Lifetime.of(Duration.ofHours(1)));
		assertNotCommitted(ask(pooled), NotCommittedReason.FENCED);
		assertThat(this.postgres.sent(TERMINATE)).isZero();
	}

	@Test
	void tombstoneThatCameTooLateProvesNothing() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("F"));
		assertUnknown(ask(question(BEFORE, PROCESS, Lifetime.of(Duration.ZERO))), UnknownReason.TOO_OLD);
		assertThat(this.postgres.sent(TERMINATE)).isZero();
	}

	@Test
	void markerThatVanishedProvesNothing() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.noRow());
		assertUnknown(ask(this.question), UnknownReason.TOO_OLD);
	}

	@Test
	void markerTableThatIsGoneRemembersNothing() throws SQLException {
		this.postgres.answer(TOMBSTONE, FakePostgres.failure("42P01"));
		assertPending(UnknownReason.TOO_OLD);
	}

	@Test
	void markerThatIsLockedIsStillInProgress() throws SQLException {
		this.postgres.answer(TOMBSTONE, FakePostgres.failure("55P03"));
		assertPending(UnknownReason.STILL_IN_PROGRESS);
		assertThat(this.postgres.sent(HOLDER)).isZero();
	}

	@Test
	void failureIsNoAnswer() {
		this.postgres.answer(TOMBSTONE, FakePostgres.failure("57P01"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> ask(this.question))
			.isNotInstanceOf(NoAnswerException.class);
	}

	@Test
	void failureOfABarrierIsNoConfirmation() {
		this.postgres.answer(STATUS, FakePostgres.row("C")).answer("COMMIT", FakePostgres.failure("08006"));
		assertFails(UnknownReason.NOT_REPLICATED);
	}

	@Test
	void processThatWaitsForItsStandbyIsNeverEnded() throws SQLException {
		this.postgres.answer(TOMBSTONE, FakePostgres.failure("55P03"))
			.answer(HOLDER, FakePostgres.row("SYNC_REPLICATION"));
		assertPending(UnknownReason.STILL_IN_PROGRESS);
		assertPending(UnknownReason.SYNC_REPLICATION_PENDING);
		assertPending(UnknownReason.SYNC_REPLICATION_PENDING);
		assertThat(this.postgres.sent(TERMINATE)).isZero();
		assertThat(this.postgres.sent(TOMBSTONE)).isOne();
	}

	@Test
	void processThatHoldsTheMarkerIsEndedAfterAGrace() throws SQLException {
		this.postgres.answer(TOMBSTONE, FakePostgres.failure("55P03")).answer(HOLDER, FakePostgres.row("ACTIVE"));
		assertPending(UnknownReason.STILL_IN_PROGRESS);
		Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> {
			Pending pending = (Pending) this.question.ask(this.postgres.begin());
			assertThat(pending.reason()).isEqualTo(UnknownReason.STILL_IN_PROGRESS);
			return pending.next() == Next.SOON;
		});
		assertThat(System.nanoTime() - this.created).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(250));
		assertPending(UnknownReason.STILL_IN_PROGRESS);
		this.postgres.answer(HOLDER, FakePostgres.noRow())
			.answer(TOMBSTONE, FakePostgres.row())
			.answer(STATUS, FakePostgres.row("F"));
		assertNotCommitted(ask(this.question), NotCommittedReason.FENCED);
		assertThat(this.postgres.sent(TERMINATE)).isOne();
	}

	@Test
	void standbyThatWasOneAllTheTimeCannotHaveCommitted() throws SQLException {
		this.postgres.server(FakePostgres.state(9, true, TOKEN));
		MarkerQuestion standby = question(FakePostgres.state(FakePostgres.PID, true, TOKEN), null,
				Lifetime.of(Duration.ofHours(1)));
		assertNotCommitted(ask(standby), NotCommittedReason.READ_ONLY);
	}

	@Test
	void standbyIsNotBelieved() throws SQLException {
		this.postgres.server(FakePostgres.state(9, true, TOKEN)).answer(STATUS, FakePostgres.row("F"));
		assertPending(UnknownReason.STANDBY_ONLY);
		assertThat(this.postgres.sent(TOMBSTONE)).isZero();
	}

	@Test
	void otherClusterIsNotAsked() throws SQLException {
		this.postgres.server(FakePostgres.state(9, false, new ContinuityToken("other", "00000001", "1", "2")));
		assertUnknown(ask(this.question), UnknownReason.DIFFERENT_CLUSTER);
		assertThat(this.postgres.sent(TOMBSTONE)).isZero();
		assertThat(this.postgres.sent(STATUS)).isZero();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "?", value = { "C", "?" })
	void serverThatMayBeAnotherIsOnlyRead(@Nullable String status) throws SQLException {
		this.postgres.server(FakePostgres.state(9, false, new ContinuityToken(null, "00000001", "1", "2")))
			.answer(STATUS, (status != null) ? FakePostgres.row(status) : FakePostgres.noRow());
		CommitOutcome outcome = ask(this.question);
		if (status != null) {
			assertThat(outcome).isEqualTo(Committed.VERIFIED);
		}
		else {
			assertUnknown(outcome, UnknownReason.DIFFERENT_CLUSTER);
		}
		assertThat(this.postgres.sent(TOMBSTONE)).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void givesUpWithAStatementForAnOperatorWhereOneCanTell(UnknownReason reason) {
		boolean can = reason != UnknownReason.TOO_OLD && reason != UnknownReason.DIFFERENT_CLUSTER;
		assertThat(this.question.unknown(reason)).isInstanceOfSatisfying(Unknown.class, (unknown) -> {
			assertThat(unknown.transaction()).isEqualTo("marker " + MARKER);
			assertThat(unknown.statement().contains(MARKER.toString())).isEqualTo(can);
			assertThat(unknown.statement().isEmpty()).isEqualTo(!can);
		});
	}

	@Test
	void lifeIsOverByEitherClock() {
		long future = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
		Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
		assertThat(new Lifetime(future, tomorrow).isOver()).isFalse();
		assertThat(new Lifetime(System.nanoTime(), tomorrow).isOver()).isTrue();
		assertThat(new Lifetime(future, Instant.now()).isOver()).isTrue();
	}

}
