package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.Verification;
import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.commit.VerificationMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutcomeSearch}, by COMMITs that are lost.
 */
class OutcomeSearchTests {

	private static final String MARK = "_set\"(?); COMMIT";

	private static final String STATUS = "SELECT status::text";

	private static final String TOMBSTONE = "INSERT INTO \"public\"";

	private static final Duration SHORT = Duration.ofSeconds(1);

	private final FakePostgres postgres = new FakePostgres().withMarker()
		.answer("version()", FakePostgres.row("PostgreSQL 18"))
		.answer("pg_catalog.now()", FakePostgres.row("1"))
		.answer("clock_timestamp()", FakePostgres.row("1"))
		.answer("pg_extension", FakePostgres.row("false"))
		.answer("txid_current()::text", FakePostgres.row("700"))
		.answer("|| ' ' ||", FakePostgres.row("700 in progress"))
		.answer("txid_current_if_assigned()", FakePostgres.row(700L, "on"));

	private VerificationConnections connections = this.postgres::connect;

	private CommitOutcome commit(VerificationMode mode, Duration timeout) throws SQLException {
		CommitSettings settings = CommitSettings.of(mode, timeout, true);
		CommitProtocol protocol = CommitProtocols.create(settings, this.connections, CommitListener.NONE);
		Connection physical = this.postgres.connect(0);
		CommitSession session = protocol.open(physical, null);
		physical.setAutoCommit(false);
		try (Statement statement = physical.createStatement()) {
			statement.execute("UPDATE account SET balance = 1");
		}
		CommitOutcome outcome = session.commit(physical, new CommitRequest(true, false, Long.MAX_VALUE));
		physical.close();
		assertThat(this.postgres.open()).isZero();
		return outcome;
	}

	private CommitOutcome marker(Duration timeout) throws SQLException {
		this.postgres.answer(MARK, FakePostgres.failure("08006"));
		return commit(VerificationMode.MARKER, timeout);
	}

	private static void assertUnknown(CommitOutcome outcome, UnknownReason reason) {
		assertThat(outcome).isInstanceOfSatisfying(Unknown.class,
				(unknown) -> assertThat(unknown.reason()).isEqualTo(reason));
	}

	@Test
	void markerThatIsThereIsConfirmedByABarrier() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("C"));
		assertThat(marker(Duration.ofSeconds(20))).isEqualTo(Committed.VERIFIED);
		assertThat(this.postgres.sent("SET LOCAL synchronous_commit = on")).isOne();
		assertThat(this.postgres.sent("pg_logical_emit_message")).isOne();
	}

	@Test
	void markerThatIsLockedIsStillInProgress() throws SQLException {
		this.postgres.answer(TOMBSTONE, FakePostgres.failure("55P03"));
		assertUnknown(marker(SHORT), UnknownReason.STILL_IN_PROGRESS);
	}

	@Test
	void barrierThatIsNotConfirmedIsNoConfirmation() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("C"));
		AtomicBoolean asked = new AtomicBoolean();
		this.postgres.answer("COMMIT", (parameters) -> {
			asked.set(true);
			return new SQLWarning("not replicated");
		});
		assertUnknown(marker(SHORT), UnknownReason.NOT_REPLICATED);
		assertThat(asked).isTrue();
	}

	@Test
	void markerTableThatIsAwayForAWhileIsWaitedFor() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("C"));
		this.postgres.answer(TOMBSTONE, (parameters) -> {
			if (this.postgres.sent(TOMBSTONE) < 3) {
				throw new SQLException("relation does not exist", "42P01");
			}
			return 0;
		});
		assertThat(marker(Duration.ofSeconds(20))).isEqualTo(Committed.VERIFIED);
	}

	/**
	 * As when too little time is left for all that has to be asked.
	 */
	@Test
	void questionsThatFailLaterLeaveWhatWasSaid() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("C"));
		this.postgres.answer("COMMIT", (parameters) -> {
			this.postgres.answer(TOMBSTONE, FakePostgres.failure("08006"));
			return new SQLWarning("not replicated");
		});
		assertUnknown(marker(SHORT), UnknownReason.NOT_REPLICATED);
		assertThat(this.postgres.sent(TOMBSTONE)).isGreaterThan(1);
	}

	@Test
	void connectionForWhichTimeIsShortLeavesWhatWasSaid() throws SQLException {
		this.postgres.answer(TOMBSTONE, FakePostgres.failure("55P03"));
		AtomicBoolean cutShort = new AtomicBoolean();
		this.connections = (deadline) -> {
			if (this.postgres.sent(TOMBSTONE) > 0) {
				LockSupport.parkNanos(deadline - System.nanoTime() + 1);
				cutShort.set(deadline - System.nanoTime() < 0);
				throw new SQLException("too slow", "08001");
			}
			return this.postgres.connect(deadline);
		};
		assertUnknown(marker(SHORT), UnknownReason.STILL_IN_PROGRESS);
		assertThat(cutShort).isTrue();
	}

	@Test
	void serverThatIsGoneAfterSomethingWasEndedIsNotAskedForInARow() throws SQLException {
		this.postgres.answer("THEN 'SYNC_REPLICATION'", FakePostgres.row("ACTIVE"));
		AtomicInteger refused = new AtomicInteger();
		AtomicBoolean gone = new AtomicBoolean();
		this.connections = (deadline) -> {
			if (gone.get()) {
				refused.incrementAndGet();
				throw new SQLException("refused", "08001");
			}
			return this.postgres.connect(deadline);
		};
		this.postgres.answer("pg_terminate_backend", (parameters) -> {
			gone.set(true);
			this.postgres.answer("SET TRANSACTION ISOLATION LEVEL", FakePostgres.failure("08006"));
			return new Object[] { "true" };
		});
		assertUnknown(xid("in progress"), UnknownReason.UNREACHABLE);
		assertThat(refused).hasValueBetween(2, 30);
	}

	@Test
	void barrierThatIsStuckIsEndedByTheNextQuestion() throws SQLException {
		this.postgres.answer(STATUS, FakePostgres.row("C"));
		AtomicBoolean stuck = new AtomicBoolean(true);
		this.postgres.answer("COMMIT", (parameters) -> {
			if (this.postgres.log().stream().anyMatch((sql) -> sql.contains("emit_message"))
					&& stuck.compareAndSet(true, false)) {
				throw new SQLException("timed out", "08006");
			}
			return null;
		});
		this.postgres.answer(MARK, FakePostgres.failure("08006"));
		assertThat(commit(VerificationMode.MARKER, Duration.ofSeconds(20))).isEqualTo(Committed.VERIFIED);
		assertThat(this.postgres.sent("pg_terminate_backend(a.pid)::text FROM pg_catalog.pg_stat_activity a\n"
				+ "WHERE a.wait_event = 'SyncRep' AND a.pid = ?"))
			.isOne();
	}

	@ParameterizedTest
	@CsvSource({ "42501", "42P05", "42883" })
	void refusedMarkerCostsOneAttemptAndThenNothing(String sqlState) throws SQLException {
		this.postgres.answer(MARK, FakePostgres.failure(sqlState));
		CommitSettings settings = CommitSettings.of(VerificationMode.MARKER, Duration.ofSeconds(5), true);
		CommitProtocol protocol = CommitProtocols.create(settings, this.postgres::connect, CommitListener.NONE);
		assertThat(transact(protocol)).isInstanceOf(NotCommitted.class);
		for (int i = 0; i < 3; i++) {
			assertThat(transact(protocol)).isSameAs(Committed.ORDINARY);
		}
		assertThat(this.postgres.sent("ROLLBACK TO SAVEPOINT")).isEqualTo(3);
		this.postgres.answer(MARK, FakePostgres.row());
		assertThat(transact(protocol)).isSameAs(Committed.ORDINARY);
		assertThat(this.postgres.sent("ROLLBACK TO SAVEPOINT")).isEqualTo(3);
		assertThat(protocol.verification()).isEqualTo(Verification.MARKER);
	}

	private CommitOutcome transact(CommitProtocol protocol) throws SQLException {
		Connection physical = this.postgres.connect(0);
		CommitSession session = protocol.open(physical, null);
		physical.setAutoCommit(false);
		try (Statement statement = physical.createStatement()) {
			statement.execute("UPDATE account SET balance = 1");
		}
		return session.commit(physical, new CommitRequest(true, false, Long.MAX_VALUE));
	}

	private CommitOutcome xid(String status) throws SQLException {
		this.postgres.log().clear();
		AtomicBoolean lost = new AtomicBoolean();
		this.postgres.answer("txid_status(?::bigint)", chooserStatus());
		this.postgres.answer("COMMIT", (parameters) -> {
			boolean usersOwn = this.postgres.log().stream().anyMatch((sql) -> sql.contains("if_assigned(), "));
			if (usersOwn && lost.compareAndSet(false, true)) {
				throw new SQLException("lost", "08006");
			}
			return null;
		});
		this.postgres.answer("txid_status(?)", FakePostgres.row(status));
		return commit(VerificationMode.XID, Duration.ofSeconds(2));
	}

	/**
	 * Committed, in progress, aborted, as transactions of a real server.
	 */
	private FakePostgres.Answer chooserStatus() {
		return (parameters) -> {
			String last = this.postgres.log()
				.stream()
				.filter((sql) -> sql.contains("txid_current()") || sql.equals("ROLLBACK"))
				.reduce((first, second) -> second)
				.orElse("");
			return new Object[] {
					last.contains("|| ' ' ||") ? "committed" : last.equals("ROLLBACK") ? "aborted" : "in progress" };
		};
	}

	@Test
	void xidThatIsCommittedIsConfirmedByABarrier() throws SQLException {
		assertThat(xid("committed")).isEqualTo(Committed.VERIFIED);
		assertThat(this.postgres.sent("SET LOCAL synchronous_commit = on")).isOne();
	}

	@Test
	void xidThatIsAbortedIsNotCommitted() throws SQLException {
		assertThat(xid("aborted")).isInstanceOf(NotCommitted.class);
	}

	@Test
	void xidThatIsInProgressIsUnknownInTheEnd() throws SQLException {
		assertUnknown(xid("in progress"), UnknownReason.STILL_IN_PROGRESS);
	}

	@Test
	void engineWhoseTransactionsHaveNoStatusDoesNotTakeXid() throws SQLException {
		this.postgres.answer("SELECT n.nspname FROM", FakePostgres.noRow());
		for (String status : new String[] { "in progress", "committed", "aborted" }) {
			this.postgres.answer("txid_status(?::bigint)", FakePostgres.row(status));
			assertThat(choose()).isEqualTo(Verification.NONE);
		}
		this.postgres.answer("txid_status(?::bigint)", chooserStatus());
		for (String status : new String[] { "700 committed", "700 aborted", null }) {
			this.postgres.answer("|| ' ' ||", FakePostgres.row(status));
			assertThat(choose()).isEqualTo(Verification.NONE);
		}
		this.postgres.answer("|| ' ' ||", FakePostgres.row("700 in progress"));
		this.postgres.answer("txid_status(?::bigint)", chooserStatus());
		assertThat(choose()).isEqualTo(Verification.XID);
		this.postgres.answer("version()", FakePostgres.row("PostgreSQL 15.2-YB-2.25"));
		assertThat(choose()).isEqualTo(Verification.NONE);
		this.postgres.answer("version()", FakePostgres.row("PostgreSQL 18"))
			.answer("pg_extension", FakePostgres.row("true"));
		assertThat(choose()).isEqualTo(Verification.NONE);
	}

	private Verification choose() throws SQLException {
		return CommitProtocols
			.create(CommitSettings.of(VerificationMode.AUTO, null, true), this.postgres::connect, CommitListener.NONE)
			.choose()
			.verification();
	}

}
