package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.MarkerCleanup;
import io.github.resilientdb.commit.TimeOrderedIds;
import io.github.resilientdb.commit.Verification;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.Bank.Teller;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Traffic;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Commits with a marker, in all the states a transaction can be in.
 */
class MarkerCommitIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String MARKERS = "SELECT count(*) FROM resilientdb_commit_marker";

	private static Bank bank() throws SQLException {
		Bank bank = Bank.onSharedServer(VerificationMode.MARKER);
		bank.protocol().choose();
		return bank;
	}

	@Test
	void markerTakesNoRoundTrip() throws Exception {
		try (Bank bank = bank(); Teller teller = bank.teller()) {
			for (int i = 0; i < 10; i++) {
				teller.transfer(10 + i);
				Traffic before = bank.proxy().traffic();
				teller.commit();
				assertThat(bank.proxy().traffic().since(before).roundTrips()).isOne();
			}
			assertThat(bank.count(MARKERS)).isEqualTo(10);
		}
	}

	@Test
	void readingLeavesNoMarker() throws Exception {
		try (Bank bank = bank(); Teller teller = bank.teller()) {
			teller.execute("SELECT * FROM account");
			assertThat(teller.commit()).isSameAs(Committed.ORDINARY);
			assertThat(bank.count(MARKERS)).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "extended, never, 5, false", "extended, always, 5, false", "extended, conservative, 5, true",
			"simple, never, 5, false", "simple, always, 5, true", "extendedForPrepared, always, 1, false",
			"extendedCacheEverything, conservative, 1, true", "extended, never, 0, true", "extended, always, 0, true",
			"extended, never, 1, false" })
	void driverMayBeSetUpAsItLikes(String queryMode, String autosave, String threshold, String rewrite)
			throws Exception {
		try (Bank bank = bank().with("preferQueryMode", queryMode)
			.with("autosave", autosave)
			.with("cleanupSavepoints", rewrite)
			.with("prepareThreshold", threshold)
			.with("reWriteBatchedInserts", rewrite)
			.with("defaultRowFetchSize", "1"); Teller teller = bank.teller(); Teller lost = bank.teller()) {
			for (int i = 0; i < 8; i++) {
				assertThat(teller.transfer(10 + i).commit()).isSameAs(Committed.ORDINARY);
			}
			assertThat(bank.count(MARKERS)).isEqualTo(8);
			bank.proxy().arm(Fault.DROP_RESPONSE);
			assertThat(teller.transfer(30).commit()).isEqualTo(Committed.VERIFIED);
			bank.proxy().arm(Fault.DROP_REQUEST);
			assertThat(lost.transfer(31).commit()).isInstanceOf(NotCommitted.class);
			assertThat(bank.count("SELECT count(*) FROM account WHERE id >= 10")).isEqualTo(9);
		}
	}

	@Test
	void transactionThatIsReadOnlyBySqlCommits() throws Exception {
		try (Bank bank = bank(); Teller teller = bank.teller()) {
			teller.execute("CREATE TEMPORARY TABLE scratch (id int)").commit();
			teller.execute("SET TRANSACTION READ ONLY", "INSERT INTO scratch VALUES (1)", "NOTIFY nobody",
					"SET lock_timeout = '7s'");
			assertThat(teller.commit()).isSameAs(Committed.ORDINARY);
			teller.execute("DO $$ BEGIN ASSERT (SELECT count(*) = 1 FROM scratch); "
					+ "ASSERT current_setting('lock_timeout') = '7s'; END $$");
			teller.commit();
			teller.execute("SET TRANSACTION READ ONLY", "INSERT INTO scratch VALUES (1)");
			bank.proxy().arm(Fault.DROP_RESPONSE);
			assertThat(teller.commit()).isInstanceOf(NotCommitted.class);
		}
	}

	@Test
	void readOnlyByDefaultIsNoHindrance() throws Exception {
		try (Bank bank = bank()) {
			bank.execute("ALTER DATABASE %s SET default_transaction_read_only = on".formatted(bank.database()));
			for (Fault fault : List.of(Fault.DROP_REQUEST, Fault.DROP_RESPONSE)) {
				try (Teller teller = bank.teller()) {
					teller.execute("SELECT 1");
					assertThat(teller.commit()).isSameAs(Committed.ORDINARY);
					teller.execute("SET TRANSACTION READ WRITE").transfer(2);
					bank.proxy().arm(fault);
					assertThat(teller.commit() instanceof Committed).isEqualTo(fault == Fault.DROP_RESPONSE);
				}
			}
		}
	}

	@Test
	void transactionMadeReadOnlyAfterItHadWrittenIsRefused() throws Exception {
		try (Bank bank = bank(); Teller teller = bank.teller()) {
			teller.transfer(2).execute("SET TRANSACTION READ ONLY");
			assertThatExceptionOfType(SQLException.class).isThrownBy(teller::commit)
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("25006"))
				.withMessageContaining("made read-only after it had written");
			assertThat(bank.rows(2)).isZero();
			assertThat(teller.transfer(3).commit()).isSameAs(Committed.ORDINARY);
		}
	}

	@Test
	void roleThatIsSetNeedsNoRightsOnTheTable() throws Exception {
		try (Bank bank = bank(); Teller teller = bank.teller()) {
			String tenant = "tenant_" + System.nanoTime();
			bank.execute("CREATE ROLE " + tenant, "GRANT ALL ON account TO " + tenant,
					"GRANT EXECUTE ON FUNCTION resilientdb_commit_marker_set TO " + tenant);
			teller.execute("SET LOCAL ROLE " + tenant).transfer(2);
			assertThat(teller.commit()).isSameAs(Committed.ORDINARY);
			teller.execute("SET ROLE " + tenant, "SET search_path = nowhere",
					"INSERT INTO public.account (id) VALUES (3)");
			bank.proxy().arm(Fault.DROP_RESPONSE);
			assertThat(teller.commit()).isEqualTo(Committed.VERIFIED);
			assertThat(bank.count(MARKERS)).isEqualTo(2);
		}
	}

	@Test
	void operatorsOfTheUserAreNotCalledByTheMarker() throws Exception {
		try (Bank bank = bank(); Teller teller = bank.teller()) {
			bank.execute("CREATE SCHEMA evil",
					"CREATE FUNCTION evil.equal(text, text) RETURNS boolean LANGUAGE plpgsql AS "
							+ "$$ BEGIN RAISE 'called'; END $$",
					"CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.equal)");
			teller.execute("SET LOCAL search_path = evil, pg_catalog, public").transfer(2);
			assertThat(teller.commit()).isSameAs(Committed.ORDINARY);
			assertThat(bank.count(MARKERS)).isOne();
		}
	}

	@Test
	void refusedMarkerCostsOneAttemptAndIsDoneWithoutUntilItIsThereAgain() throws Exception {
		try (Bank bank = bank(); Teller teller = bank.teller().transfer(2)) {
			bank.execute("DROP FUNCTION resilientdb_commit_marker_set");
			assertThat(teller.commit()).isInstanceOfSatisfying(NotCommitted.class,
					(outcome) -> assertThat(outcome.reason()).isEqualTo(NotCommittedReason.MARKER_REFUSED));
			assertThat(bank.rows(2)).isZero();
			try (Teller rerun = bank.teller().transfer(2)) {
				assertThat(rerun.commit()).isSameAs(Committed.ORDINARY);
				assertThat(bank.rows(2)).isOne();
			}
			try (Teller other = bank.teller().transfer(3)) {
				assertThat(other.commit()).isSameAs(Committed.ORDINARY);
				assertThat(bank.count(MARKERS)).isZero();
				bank.execute(MarkerDdl.text());
				assertThat(other.transfer(4).commit()).isSameAs(Committed.ORDINARY);
				assertThat(bank.count(MARKERS)).isOne();
			}
			assertThat(bank.protocol().verification()).isEqualTo(Verification.MARKER);
		}
	}

	@Test
	void roleThatMayNotMarkCostsItsOwnTransactionOnly() throws Exception {
		try (Bank bank = bank(); Teller teller = bank.teller(); Teller other = bank.teller()) {
			String tenant = "tenant_" + System.nanoTime();
			bank.execute("CREATE ROLE " + tenant, "GRANT ALL ON account TO " + tenant);
			String become = "SET LOCAL ROLE " + tenant;
			assertThat(teller.execute(become).transfer(2).commit()).isInstanceOf(NotCommitted.class);
			assertThat(other.transfer(3).commit()).isSameAs(Committed.ORDINARY);
			assertThat(bank.count(MARKERS)).isOne();
			assertThat(other.execute(become).transfer(4).commit()).isSameAs(Committed.ORDINARY);
			assertThat(bank.rows(4)).isOne();
			assertThat(other.transfer(5).commit()).isSameAs(Committed.ORDINARY);
			assertThat(bank.count(MARKERS)).isEqualTo(2);
			bank.execute("DROP OWNED BY " + tenant, "DROP ROLE " + tenant);
		}
	}

	@Test
	void serverThatDoesNotSayEverythingDoesNotEndTheTransactionItIsAskedIn() throws Exception {
		String role = "app_" + System.nanoTime();
		server.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'postgres'");
		try (Bank bank = Bank.onSharedServer(VerificationMode.MARKER)) {
			bank.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC",
					"GRANT ALL ON account, resilientdb_commit_marker TO " + role,
					"GRANT EXECUTE ON FUNCTION resilientdb_commit_marker_set TO " + role);
			bank.with("user", role).verifyingAs(role);
			for (Fault fault : List.of(Fault.DROP_RESPONSE, Fault.DROP_REQUEST)) {
				try (Teller teller = bank.lazyTeller().transfer(fault.hashCode())) {
					bank.proxy().arm(fault);
					assertThat(teller.commit() instanceof Committed).isEqualTo(fault == Fault.DROP_RESPONSE);
				}
			}
			try (Teller teller = bank.lazyTeller().transfer(5)) {
				assertThat(teller.commit()).isSameAs(Committed.ORDINARY);
			}
			// A role of the application may be refused what that of the pool may read.
			bank.execute("GRANT EXECUTE ON FUNCTION pg_control_system() TO " + role);
		}
	}

	@Test
	void refusedMarkerCostsNothingWithAutosave() throws Exception {
		try (Bank bank = bank().with("autosave", "always"); Teller teller = bank.teller().transfer(2)) {
			bank.execute("DROP FUNCTION resilientdb_commit_marker_set");
			assertThat(teller.commit()).isSameAs(Committed.ORDINARY);
			assertThat(bank.rows(2)).isOne();
		}
	}

	@Test
	void deferredTriggerIsNotTakenForTheMarker() throws Exception {
		try (Bank bank = bank(); Teller teller = bank.teller()) {
			bank.execute(
					"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
							+ "$$ BEGIN RAISE 'no' USING ERRCODE = '42501'; END $$",
					"CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON account DEFERRABLE INITIALLY DEFERRED "
							+ "FOR EACH ROW EXECUTE FUNCTION refuse()");
			teller.transfer(2);
			assertThatExceptionOfType(SQLException.class).isThrownBy(teller::commit)
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("42501"));
			assertThat(bank.protocol().verification()).isEqualTo(Verification.MARKER);
		}
	}

	@Test
	void statementsThatWereDiscardedArePreparedAgain() throws Exception {
		try (Bank bank = bank().with("prepareThreshold", "1"); Teller teller = bank.teller()) {
			for (int i = 0; i < 3; i++) {
				assertThat(teller.transfer(10 + i).commit()).isSameAs(Committed.ORDINARY);
				teller.connection().setAutoCommit(true);
				teller.execute("DISCARD ALL");
				teller.connection().setAutoCommit(false);
			}
		}
	}

	@Test
	void isolationOfTheTransactionDoesNotMatter() throws Exception {
		for (int isolation : List.of(Connection.TRANSACTION_SERIALIZABLE, Connection.TRANSACTION_REPEATABLE_READ)) {
			try (Bank bank = bank(); Teller teller = bank.teller()) {
				bank.execute("ALTER DATABASE %s SET default_transaction_isolation = 'serializable'"
					.formatted(bank.database()));
				teller.connection().setTransactionIsolation(isolation);
				bank.proxy().arm(Fault.DROP_RESPONSE);
				assertThat(teller.transfer(2).commit()).isEqualTo(Committed.VERIFIED);
			}
		}
	}

	@Test
	void oldMarkersAreRemovedAndTombstonesLater() throws Exception {
		try (Bank bank = bank()) {
			long now = System.currentTimeMillis();
			String insert = "INSERT INTO resilientdb_commit_marker (id, status, at) VALUES ('%s', '%s', now() - interval '%s')";
			bank.execute(insert.formatted(TimeOrderedIds.lowest(now - 7_200_000), "C", "2 hours"),
					insert.formatted(TimeOrderedIds.lowest(now - 7_200_001), "F", "2 hours"),
					insert.formatted(TimeOrderedIds.lowest(now - 90_000_000), "F", "25 hours"),
					insert.formatted(TimeOrderedIds.lowest(now - 7_200_002), "C", "1 minute"),
					insert.formatted(TimeOrderedIds.lowest(now), "C", "0"));
			assertThat(bank.protocol().cleanUp()).isEqualTo(2);
			assertThat(bank.count(MARKERS)).isEqualTo(3);
			assertThat(bank.openVerificationConnections()).isZero();
		}
	}

	@Test
	void anyRowGoesAfterItsTimeWhateverItsId() throws Exception {
		try (Bank bank = bank()) {
			bank.execute("INSERT INTO resilientdb_commit_marker SELECT ('f0000000-0000-7000-8000-' "
					+ "|| lpad(i::text, 12, '0'))::uuid, 'C', now() - interval '10 days' FROM generate_series(1, 1500) i",
					"INSERT INTO resilientdb_commit_marker VALUES ('f0000000-0000-7000-8000-ffffffffffff', 'C', now())");
			assertThat(bank.protocol().cleanUp()).isEqualTo(1500);
			assertThat(bank.count(MARKERS)).isOne();
		}
	}

	@Test
	void cleanUpWorksInBatchesAndOneInstanceAtATime() throws Exception {
		try (Bank bank = bank(); Teller other = bank.teller(bank.url())) {
			bank.execute("INSERT INTO resilientdb_commit_marker SELECT "
					+ "('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 'C', now() - interval '2 hours' "
					+ "FROM generate_series(1, 2500) i");
			other.execute("SELECT pg_advisory_xact_lock(1919251300, 'resilientdb_commit_marker'::regclass::oid::int)");
			assertThat(bank.protocol().cleanUp()).isZero();
			other.connection().rollback();
			new MarkerCleanup(bank.protocol()).run();
			assertThat(bank.count(MARKERS)).isZero();
		}
	}

	@Test
	void markerThatMayHaveBeenRemovedIsNotMissed() throws Exception {
		CommitSettings settings = new CommitSettings(VerificationMode.MARKER, Duration.ofMillis(500), true,
				CommitSettings.DEFAULT_MARKER_TABLE, null, Duration.ofSeconds(2), Duration.ofSeconds(2), false);
		try (Bank bank = Bank.onSharedServer(settings).with("socketTimeout", "2"); Teller teller = bank.teller()) {
			bank.protocol().choose();
			teller.transfer(2);
			bank.proxy().arm(Fault.BLACK_HOLE_AFTER);
			bank.beforeVerification(() -> bank.execute("DELETE FROM resilientdb_commit_marker"));
			assertThat(teller.commit()).isInstanceOfSatisfying(CommitOutcome.Unknown.class,
					(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.TOO_OLD));
		}
	}

	@Test
	void markerTableThatIsDroppedIsNoServerOutOfReach() throws Exception {
		CommitSettings settings = CommitSettings.of(VerificationMode.MARKER, Duration.ofSeconds(2), true);
		try (Bank bank = Bank.onSharedServer(settings); Teller teller = bank.teller()) {
			bank.protocol().choose();
			teller.transfer(2);
			bank.proxy().arm(Fault.DROP_RESPONSE);
			bank.beforeVerification(() -> bank.execute("DROP TABLE resilientdb_commit_marker CASCADE"));
			assertThat(teller.commit()).isInstanceOfSatisfying(CommitOutcome.Unknown.class,
					(unknown) -> assertThat(unknown.reason()).isEqualTo(UnknownReason.TOO_OLD));
			assertThat(bank.rows(2)).isOne();
		}
	}

}
