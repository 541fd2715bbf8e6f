package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.Deadline;
import io.github.resilientdb.commit.VerificationGate;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.Bank.Teller;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Statements;
import io.github.resilientdb.test.proxy.Traffic;
import io.github.resilientdb.testsupport.PostgresServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A COMMIT that is lost while the server goes on.
 */
class LostCommitIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void lostRequestIsNotCommitted(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.DROP_REQUEST);
			assertThat(teller.commit()).isInstanceOf(NotCommitted.class);
			assertThat(bank.rows(2)).isZero();
			assertThat(bank.verifications()).hasSize(1);
			assertThat(bank.openVerificationConnections()).isZero();
		}
	}

	static Stream<Arguments> lostReplies() {
		return Stream.of(Fault.DROP_RESPONSE, Fault.RESET_AFTER)
			.flatMap((fault) -> Stream.of(VerificationMode.XID, VerificationMode.MARKER)
				.map((mode) -> Arguments.of(fault, mode)));
	}

	@ParameterizedTest
	@MethodSource("lostReplies")
	void lostReplyIsCommitted(Fault fault, VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(fault);
			assertThat(teller.commit()).isEqualTo(Committed.VERIFIED);
			assertThat(bank.rows(2)).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void lostReplyIsCommittedIfTheServerWasAskedForNothingBefore(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.lazyTeller().transfer(2)) {
			bank.proxy().arm(Fault.DROP_RESPONSE);
			assertThat(teller.commit()).isEqualTo(Committed.VERIFIED);
			assertThat(bank.rows(2)).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void connectionLostBeforeTheServerIsAskedIsNotCommitted(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.lazyTeller().transfer(2)) {
			bank.proxy().cut();
			assertThat(teller.commit()).isInstanceOf(NotCommitted.class);
			assertThat(teller.session().release(Long.MAX_VALUE)).isFalse();
			assertThat(bank.rows(2)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void blackHoleAfterCommitIsCommitted(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode).with("socketTimeout", "1");
				Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.BLACK_HOLE_AFTER);
			assertThat(teller.commit()).isEqualTo(Committed.VERIFIED);
			assertThat(bank.rows(2)).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void fenceReleasesTheLocksOfAHalfOpenConnection(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode);
				Teller teller = bank.teller().transfer(2);
				Teller rerun = bank.teller(bank.url())) {
			bank.proxy().arm(Fault.DROP_REQUEST_SERVER_OPEN);
			assertThat(teller.commit()).isInstanceOf(NotCommitted.class);
			rerun.execute("SET LOCAL lock_timeout = '20s'").transfer(2);
			assertThat(rerun.commit()).isSameAs(Committed.ORDINARY);
			assertThat(bank.fenced()).isOne();
			assertThat(bank.count("SELECT balance FROM account WHERE id = 1")).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void commitThatArrivesLateHasNoEffectAnyMore(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.lateRequest(Duration.ofMillis(2500)));
			assertThat(teller.commit()).isInstanceOf(NotCommitted.class);
			Awaitility.await()
				.during(Duration.ofSeconds(3))
				.atMost(Duration.ofSeconds(30))
				.until(() -> bank.rows(2) == 0);
		}
	}

	@Test
	void tombstoneAloneHoldsOffALateCommit() throws Exception {
		CommitSettings settings = CommitSettings.of(VerificationMode.MARKER, Duration.ofSeconds(5), false);
		try (Bank bank = Bank.onSharedServer(settings); Teller teller = bank.teller().transfer(2)) {
			var late = bank.proxy().arm(Fault.lateRequest(Duration.ofMillis(2500)));
			assertThat(teller.commit()).isInstanceOf(NotCommitted.class);
			late.awaitAnswered(Duration.ofSeconds(30));
			assertThat(bank.rows(2)).isZero();
			assertThat(bank.fenced()).isZero();
		}
	}

	@Test
	void withoutAFenceALateCommitIsWaitedFor() throws Exception {
		CommitSettings settings = CommitSettings.of(VerificationMode.XID, Duration.ofSeconds(5), false);
		try (Bank bank = Bank.onSharedServer(settings); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.lateRequest(Duration.ofMillis(1000)));
			assertThat(teller.commit()).isEqualTo(Committed.VERIFIED);
		}
	}

	@Test
	void forbiddenFenceMakesTheOutcomeUnknown() throws Exception {
		String role = "other_" + System.nanoTime();
		server.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'postgres'");
		CommitSettings settings = CommitSettings.of(VerificationMode.XID, Duration.ofSeconds(3), true);
		try (Bank bank = Bank.onSharedServer(settings).verifyingAs(role); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.DROP_REQUEST_SERVER_OPEN);
			assertThat(teller.commit()).isInstanceOfSatisfying(Unknown.class, (unknown) -> {
				assertThat(unknown.reason()).isEqualTo(UnknownReason.STILL_IN_PROGRESS);
				assertThat(unknown.transaction()).startsWith("xid ");
				assertThat(unknown.cause().getSQLState()).isEqualTo("08006");
				assertThat(status(bank, unknown.statement())).isEqualTo("in progress");
			});
			assertThat(bank.fenced()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void lossInTheLastFlushIsNotCommitted(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller()) {
			bank.proxy().arm(Fault.DROP_REQUEST, Statements.containing("INSERT INTO account"));
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> teller.transfer(2));
			assertThat(teller.commit()).isInstanceOfSatisfying(NotCommitted.class,
					(outcome) -> assertThat(outcome.reason()).isEqualTo(NotCommittedReason.BEFORE_COMMIT));
			assertThat(bank.verificationConnections()).isZero();
		}
	}

	@Test
	void lossOfTheIdentityQueryIsNotCommitted() throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.XID); Teller teller = bank.teller().transfer(2)) {
			bank.protocol().choose();
			bank.proxy().arm(Fault.DROP_RESPONSE, Statements.containing("txid_current_if_assigned"));
			assertThat(teller.commit()).isInstanceOfSatisfying(NotCommitted.class,
					(outcome) -> assertThat(outcome.reason()).isEqualTo(NotCommittedReason.BEFORE_COMMIT));
			assertThat(bank.verifications()).isEmpty();
			assertThat(bank.rows(2)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void backendTerminatedJustBeforeCommitIsNotCommitted(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller().transfer(2)) {
			bank.protocol().choose();
			int pid = teller.connection().unwrap(PGConnection.class).getBackendPID();
			assertThat(server.terminateBackend(pid)).isTrue();
			assertThat(teller.commit()).isInstanceOf(NotCommitted.class);
			assertThat(bank.rows(2)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void allTransactionsOfAPoolInDoubtAtOnceAreResolved(VerificationMode mode) throws Exception {
		int count = 30;
		CommitSettings settings = CommitSettings.of(mode, Duration.ofSeconds(30), true);
		ExecutorService executor = Executors.newFixedThreadPool(count);
		try (Bank bank = Bank.onSharedServer(settings)) {
			bank.protocol().choose();
			List<Teller> tellers = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				tellers.add(bank.teller().execute("INSERT INTO account (id) VALUES (%d)".formatted(100 + i)));
				bank.proxy().arm((i % 2 == 0) ? Fault.DROP_RESPONSE : Fault.DROP_REQUEST_SERVER_OPEN);
			}
			List<Future<CommitOutcome>> outcomes = executor
				.invokeAll(tellers.stream().map((teller) -> (Callable<CommitOutcome>) teller::commit).toList());
			for (int i = 0; i < count; i++) {
				CommitOutcome outcome = outcomes.get(i).get();
				assertThat(outcome).isInstanceOfAny(Committed.class, NotCommitted.class);
				assertThat(bank.rows(100 + i)).isEqualTo((outcome instanceof Committed) ? 1 : 0);
			}
			assertThat(bank.mostVerificationConnections()).isBetween(1, VerificationGate.CONNECTIONS);
			assertThat(bank.openVerificationConnections()).isZero();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void readOnlyTransactionPaysNothing(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller()) {
			bank.protocol().choose();
			teller.connection().setReadOnly(true);
			teller.execute("SELECT * FROM account");
			Traffic before = bank.proxy().traffic();
			CommitRequest request = new CommitRequest(true, true, Bank.NO_DEADLINE);
			assertThat(teller.session().commit(teller.connection(), request)).isSameAs(Committed.ORDINARY);
			Traffic traffic = bank.proxy().traffic().since(before);
			assertThat(traffic.roundTrips()).isOne();
			teller.execute("SELECT * FROM account");
			bank.proxy().arm(Fault.DROP_REQUEST);
			assertThat(teller.session().commit(teller.connection(), request)).isInstanceOfSatisfying(NotCommitted.class,
					(outcome) -> assertThat(outcome.reason()).isEqualTo(NotCommittedReason.READ_ONLY));
			assertThat(bank.verifications()).isEmpty();
		}
	}

	@Test
	void readOnlyFlagThatTheDriverIgnoresIsNotBelieved() throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.XID).with("readOnlyMode", "ignore");
				Teller teller = bank.teller()) {
			teller.connection().setReadOnly(true);
			teller.transfer(2);
			bank.proxy().arm(Fault.DROP_RESPONSE);
			CommitRequest request = new CommitRequest(true, true, Bank.NO_DEADLINE);
			assertThat(teller.session().commit(teller.connection(), request)).isEqualTo(Committed.VERIFIED);
		}
	}

	@Test
	void transactionThatOnlyReadIsNotVerified() throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.XID); Teller teller = bank.teller()) {
			teller.execute("SELECT * FROM account");
			bank.proxy().arm(Fault.DROP_REQUEST);
			assertThat(teller.commit()).isInstanceOfSatisfying(NotCommitted.class,
					(outcome) -> assertThat(outcome.reason()).isEqualTo(NotCommittedReason.NOTHING_WRITTEN));
			assertThat(bank.verifications()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void transactionThatSentNothingCostsNothing(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller()) {
			Traffic before = bank.proxy().traffic();
			assertThat(teller.commit()).isSameAs(Committed.ORDINARY);
			assertThat(bank.proxy().traffic().since(before).messagesFromClient()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER", "NONE" })
	void failedTransactionThatIsCommittedAnywayIsAnError(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller().transfer(2)) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> teller.execute("SELECT 1 / 0"));
			assertThatExceptionOfType(SQLException.class).isThrownBy(teller::commit)
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("25P02"))
				.withMessageContaining("rolled back instead of being committed");
			assertThat(bank.rows(2)).isZero();
			teller.transfer(2);
			assertThat(teller.commit()).isSameAs(Committed.ORDINARY);
			assertThat(bank.rows(2)).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void deferredConstraintAtCommitIsThrownAsItIs(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller()) {
			bank.protocol().choose();
			int opened = bank.verificationConnections();
			bank.execute("CREATE TABLE unique_later (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
			teller.transfer(2).execute("INSERT INTO unique_later VALUES (1), (1)");
			assertThatExceptionOfType(SQLException.class).isThrownBy(teller::commit)
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("23505"));
			assertThat(bank.rows(2)).isZero();
			assertThat(bank.verificationConnections()).isEqualTo(opened);
			assertThat(teller.transfer(3).commit()).isSameAs(Committed.ORDINARY);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void serializationFailureAtCommitIsThrownAsItIs(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller one = bank.teller(); Teller two = bank.teller()) {
			for (Teller teller : List.of(one, two)) {
				teller.connection().setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
				teller.execute("SELECT sum(balance) FROM account");
			}
			one.execute("INSERT INTO account (id) VALUES (2)");
			two.execute("INSERT INTO account (id) VALUES (3)");
			assertThat(one.commit()).isSameAs(Committed.ORDINARY);
			assertThatExceptionOfType(SQLException.class).isThrownBy(two::commit)
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("40001"));
			assertThat(bank.verifications()).isEmpty();
			assertThat(two.connection().isValid(30)).isTrue();
			two.connection().rollback();
			assertThat(two.transfer(4).commit()).isSameAs(Committed.ORDINARY);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void savepointsDoNotMatter(VerificationMode mode) throws Exception {
		for (Fault fault : List.of(Fault.DROP_REQUEST, Fault.DROP_RESPONSE)) {
			try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller()) {
				teller.execute("SAVEPOINT a", "INSERT INTO account (id) VALUES (2)", "SAVEPOINT b",
						"INSERT INTO account (id) VALUES (3)", "ROLLBACK TO SAVEPOINT b", "SAVEPOINT c");
				bank.proxy().arm(fault);
				CommitOutcome outcome = teller.commit();
				assertThat(outcome instanceof Committed).isEqualTo(fault == Fault.DROP_RESPONSE);
				assertThat(bank.count("SELECT count(*) FROM account"))
					.isEqualTo((outcome instanceof Committed) ? 2 : 1);
			}
		}
	}

	@Test
	void notificationAloneIsNotVerified() throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.XID); Teller teller = bank.teller()) {
			teller.execute("NOTIFY nobody");
			bank.proxy().arm(Fault.DROP_RESPONSE);
			assertThat(teller.commit()).isInstanceOfSatisfying(NotCommitted.class,
					(outcome) -> assertThat(outcome.reason()).isEqualTo(NotCommittedReason.NOTHING_WRITTEN));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void unreachableServerMakesTheOutcomeUnknownInTime(VerificationMode mode) throws Exception {
		CommitSettings settings = CommitSettings.of(mode, Duration.ofSeconds(1), true);
		try (Bank bank = Bank.onSharedServer(settings); Teller teller = bank.teller().transfer(2)) {
			bank.protocol().choose();
			bank.verifyingAt(() -> "jdbc:postgresql://127.0.0.1:1/none");
			bank.proxy().arm(Fault.DROP_REQUEST);
			long started = System.nanoTime();
			assertThat(teller.commit()).isInstanceOfSatisfying(Unknown.class,
					(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.UNREACHABLE));
			assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started)).isBetween(700L, 9000L);
		}
	}

	@Test
	void deadlineOfTheCallerCutsTheSearchShort() throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.XID); Teller teller = bank.teller().transfer(2)) {
			bank.protocol().choose();
			bank.verifyingAt(() -> "jdbc:postgresql://127.0.0.1:1/none");
			bank.proxy().arm(Fault.DROP_REQUEST);
			long started = System.nanoTime();
			assertThat(teller.commit(started + TimeUnit.MILLISECONDS.toNanos(500))).isInstanceOf(Unknown.class);
			assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started)).isBetween(200L, 9000L);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void interruptDoesNotCutTheAnswerShort(VerificationMode mode) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.DROP_RESPONSE);
			Thread.currentThread().interrupt();
			assertThat(teller.commit()).isEqualTo(Committed.VERIFIED);
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void notVerifiedLossIsUnknown() throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.XID); Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.DROP_RESPONSE);
			CommitRequest request = new CommitRequest(false, false, Bank.NO_DEADLINE);
			assertThat(teller.session().commit(teller.connection(), request)).isInstanceOfSatisfying(Unknown.class,
					(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.NOT_VERIFIED));
			assertThat(bank.verificationConnections()).isZero();
		}
	}

	@Test
	void preparedTransactionIsLeftToItsCoordinator() throws Exception {
		assumeThat(server.queryForInt("select setting from pg_settings where name = 'max_prepared_transactions'"))
			.as("max_prepared_transactions of the server")
			.isPositive();
		try (Bank bank = Bank.onSharedServer(VerificationMode.XID);
				Teller teller = bank.teller().transfer(2);
				Connection witness = server.connect()) {
			long xid = teller.xid();
			ServerProbe probe = new ServerProbe();
			ServerState state = probe.probe(witness);
			teller.execute("PREPARE TRANSACTION 'lost'");
			XidQuestion question = new XidQuestion(xid, state, false, new BackendFence(true, CommitListener.NONE),
					new Barrier(), new SQLException());
			try (Connection connection = bank.openVerification(System.nanoTime() + 5_000_000_000L)) {
				VerificationTransaction transaction = VerificationTransaction.begin(connection, probe,
						Deadline.after(Duration.ofSeconds(5)));
				assertThat(question.ask(transaction))
					.isEqualTo(new SearchAnswer.Decided(question.unknown(UnknownReason.PREPARED)));
			}
			bank.execute("ROLLBACK PREPARED 'lost'");
		}
	}

	@Test
	void releaseFreesTheLocksOfATransactionLostInTheMiddle() throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.XID);
				Teller teller = bank.teller().transfer(2);
				Teller other = bank.teller(bank.url())) {
			bank.proxy().halfOpen();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> teller.execute("SELECT 1"));
			assertThat(teller.session().release(Bank.NO_DEADLINE)).isTrue();
			other.execute("SET LOCAL lock_timeout = '20s'").transfer(2);
			assertThat(other.commit()).isSameAs(Committed.ORDINARY);
		}
	}

	private static String status(Bank bank, String statement) {
		try (Connection connection = bank.openVerification(System.nanoTime() + 5_000_000_000L);
				var rows = connection.createStatement().executeQuery(statement)) {
			rows.next();
			return rows.getString(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
