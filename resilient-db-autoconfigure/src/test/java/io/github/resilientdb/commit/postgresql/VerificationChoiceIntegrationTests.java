package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.commit.CommitChoice;
import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.CommitVerificationUnavailableException;
import io.github.resilientdb.commit.Verification;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.Bank.Teller;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which verification is chosen.
 */
class VerificationChoiceIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	@Test
	void markerIsChosenWhereItsTableIs() throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.AUTO)) {
			CommitChoice choice = bank.protocol().choose();
			assertThat(choice.verification()).isEqualTo(Verification.MARKER);
			assertThat(choice)
				.hasToString("marker: table \"public\".\"resilientdb_commit_marker\" exists and may be used; "
						+ "no round trip, one small row per transaction that has written; "
						+ "definitive across crashes and failovers");
			assertThat(bank.protocol().choice()).contains(choice);
		}
	}

	@Test
	void xidIsChosenWhereThereIsNoMarkerTable() throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.AUTO)) {
			bank.execute("DROP TABLE resilientdb_commit_marker");
			assertThat(bank.protocol().choose()).hasToString("xid: there is no marker table "
					+ "\"resilientdb_commit_marker\" in the search path; one round trip per transaction that may have written; "
					+ "a commit that got through just before a crash or failover is reported as unknown");
		}
	}

	@Test
	void missingTableIsAnErrorWhereMarkerIsAskedFor() throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.MARKER)) {
			bank.execute("DROP TABLE resilientdb_commit_marker");
			assertThatExceptionOfType(CommitVerificationUnavailableException.class).isThrownBy(bank.protocol()::choose)
				.withMessage("Commit verification 'marker' is not available: "
						+ "there is no marker table \"resilientdb_commit_marker\" in the search path")
				.satisfies((ex) -> {
					assertThat(ex.getRemedy()).contains("CREATE TABLE");
					bank.execute(ex.getRemedy());
				});
			assertThat(bank.protocol().choose().verification()).isEqualTo(Verification.MARKER);
		}
	}

	@Test
	void missingRightIsNamedAndTheRemedyHelps() throws Exception {
		String role = "app_" + System.nanoTime();
		server.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'postgres'");
		try (Bank bank = Bank.onSharedServer(VerificationMode.MARKER)) {
			bank.execute("CREATE SCHEMA \"Own\"", "ALTER ROLE " + role + " SET search_path = \"Own\", public",
					"DROP TABLE resilientdb_commit_marker", "DROP FUNCTION resilientdb_commit_marker_set",
					"SET search_path = \"Own\"; " + MarkerDdl.text(),
					"REVOKE EXECUTE ON FUNCTION \"Own\".resilientdb_commit_marker_set FROM PUBLIC");
			bank.with("user", role);
			assertThatExceptionOfType(CommitVerificationUnavailableException.class).isThrownBy(bank.protocol()::choose)
				.withMessageContaining("there is no marker table");
			bank.execute("GRANT USAGE ON SCHEMA \"Own\" TO " + role,
					"GRANT SELECT, INSERT, DELETE ON " + "\"Own\".resilientdb_commit_marker TO " + role,
					"GRANT ALL ON account TO " + role);
			assertThatExceptionOfType(CommitVerificationUnavailableException.class).isThrownBy(bank.protocol()::choose)
				.withMessageContaining("has no right to UPDATE on TABLE \"Own\".\"resilientdb_commit_marker\"")
				.satisfies((ex) -> bank.execute(ex.getRemedy()));
			assertThatExceptionOfType(CommitVerificationUnavailableException.class).isThrownBy(bank.protocol()::choose)
				.withMessageContaining("has no right to EXECUTE")
				.satisfies((ex) -> bank.execute(ex.getRemedy()));
			assertThat(bank.protocol().choose().verification()).isEqualTo(Verification.MARKER);
			try (Teller teller = bank.teller().transfer(2)) {
				bank.proxy().arm(Fault.DROP_RESPONSE);
				assertThat(teller.commit()).isEqualTo(Committed.VERIFIED);
			}
		}
	}

	@Test
	void tableMayHaveAnotherNameAndSchema() throws Exception {
		CommitSettings settings = new CommitSettings(VerificationMode.MARKER, Duration.ofSeconds(5), true, "Outcome\"s",
				"My \"own\"", Duration.ofHours(1), Duration.ofHours(24), false);
		try (Bank bank = Bank.onSharedServer(settings)) {
			bank.execute("CREATE SCHEMA \"My \"\"own\"\"\"", "SET search_path = \"My \"\"own\"\"\"; "
					+ MarkerDdl.text().replace("resilientdb_commit_marker", "\"Outcome\"\"s\""));
			bank.protocol().choose();
			for (Fault fault : List.of(Fault.DROP_RESPONSE, Fault.DROP_REQUEST)) {
				try (Teller teller = bank.teller().transfer(fault.hashCode())) {
					bank.proxy().arm(fault);
					assertThat(teller.commit() instanceof Committed).isEqualTo(fault == Fault.DROP_RESPONSE);
				}
			}
			assertThat(bank.protocol().cleanUp()).isZero();
		}
	}

	@Test
	void scriptRefusesWhatAnotherRoleHasMade() {
		String attacker = "attacker_" + System.nanoTime();
		String create = "CREATE TABLE resilientdb_commit_marker (id uuid PRIMARY KEY, "
				+ "status char(1) NOT NULL DEFAULT 'C', at timestamptz NOT NULL DEFAULT clock_timestamp())";
		try (Bank bank = Bank.onSharedServer(VerificationMode.XID)) {
			bank.execute("CREATE ROLE " + attacker, "GRANT CREATE ON SCHEMA public TO " + attacker,
					"SET ROLE " + attacker, create, "RESET ROLE");
			assertRefused(bank, "it belongs to another role");
			bank.execute("DROP OWNED BY " + attacker, "DROP ROLE " + attacker);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					CREATE TRIGGER evil BEFORE INSERT ON resilientdb_commit_marker EXECUTE FUNCTION suppress_redundant_updates_trigger() | it has triggers
					CREATE RULE evil AS ON DELETE TO resilientdb_commit_marker DO ALSO SELECT 1 | it has rules
					ALTER TABLE resilientdb_commit_marker ADD evil text | it has other columns
					ALTER TABLE resilientdb_commit_marker ALTER at SET DEFAULT now() | it has other columns
					ALTER TABLE resilientdb_commit_marker ADD CHECK (status <> 'X') | it has constraints
					""")
	void scriptRefusesATableThatWasChanged(String change, String problem) throws Exception {
		try (Bank bank = Bank.onSharedServer(VerificationMode.MARKER)) {
			bank.execute(change);
			assertRefused(bank, problem);
		}
	}

	private static void assertRefused(Bank bank, String problem) {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> bank.execute(MarkerDdl.text()))
			.withMessageContaining("was not made by this script: " + problem);
	}

	@Test
	void scriptLeavesTheFunctionToItsOwnerAndTheSearchPathAlone() {
		try (Bank bank = Bank.onSharedServer(VerificationMode.MARKER)) {
			assertThat(bank.count("SELECT count(*) FROM pg_proc p, aclexplode(p.proacl) a "
					+ "WHERE p.proname = 'resilientdb_commit_marker_set' AND a.grantee = 0"))
				.isZero();
			bank.execute("SET search_path = public, pg_temp", MarkerDdl.text(),
					"DO $$ BEGIN ASSERT current_setting('search_path') = 'public, pg_temp'; END $$");
		}
	}

	@Test
	void markerOfARoleThatIsNotTrustedIsNotUsed() throws Exception {
		String attacker = "attacker_" + System.nanoTime();
		try (Bank bank = Bank.onSharedServer(VerificationMode.AUTO)) {
			bank.execute("CREATE ROLE " + attacker, "GRANT CREATE ON SCHEMA public TO " + attacker,
					"DROP TABLE resilientdb_commit_marker", "DROP FUNCTION resilientdb_commit_marker_set",
					"SET ROLE " + attacker + "; " + MarkerDdl.text() + "; RESET ROLE");
			CommitChoice choice = bank.protocol().choose();
			assertThat(choice.verification()).isEqualTo(Verification.XID);
			assertThat(choice.explanation()).contains("belongs to the role \"" + attacker);
			bank.execute("DROP OWNED BY " + attacker, "DROP ROLE " + attacker);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"CREATE OR REPLACE FUNCTION resilientdb_commit_marker_set(marker uuid) RETURNS void LANGUAGE plpgsql "
					+ "SECURITY DEFINER AS 'BEGIN PERFORM 1; END'",
			"ALTER FUNCTION resilientdb_commit_marker_set SECURITY INVOKER",
			"CREATE TRIGGER evil BEFORE INSERT ON resilientdb_commit_marker "
					+ "EXECUTE FUNCTION suppress_redundant_updates_trigger()" })
	void markerThatWasChangedIsRefused(String change) {
		try (Bank bank = Bank.onSharedServer(VerificationMode.MARKER)) {
			bank.execute(change);
			assertThatExceptionOfType(CommitVerificationUnavailableException.class).isThrownBy(bank.protocol()::choose)
				.withMessageMatching(".*(function that the script did not make|has triggers).*");
		}
	}

	@Test
	void tableIsCreatedOnceByAllThatStartAtOnce() throws Exception {
		CommitSettings settings = new CommitSettings(VerificationMode.MARKER, null, true, "Outcomes", null,
				Duration.ofHours(1), Duration.ofHours(24), true);
		ExecutorService executor = Executors.newFixedThreadPool(10);
		try (Bank bank = Bank.onSharedServer(VerificationMode.XID)) {
			List<Future<CommitChoice>> choices = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				CommitProtocol protocol = CommitProtocols.create(settings, bank::openVerification, CommitListener.NONE);
				choices.add(executor.submit(protocol::choose));
			}
			for (Future<CommitChoice> choice : choices) {
				assertThat(choice.get(60, TimeUnit.SECONDS).verification()).isEqualTo(Verification.MARKER);
			}
			assertThat(bank.count("SELECT count(*) FROM \"Outcomes\"")).isZero();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void scriptCanBeRunAgain() {
		try (Bank bank = Bank.onSharedServer(VerificationMode.MARKER)) {
			bank.execute(MarkerDdl.text());
		}
	}

	@Test
	void choiceIsMadeWhenItIsFirstNeeded() throws Exception {
		AtomicInteger refused = new AtomicInteger();
		try (Bank bank = Bank.onSharedServer(VerificationMode.AUTO); Teller teller = bank.teller().transfer(2)) {
			assertThat(bank.protocol().choice()).isEmpty();
			CommitRequest unverified = new CommitRequest(false, false, Bank.NO_DEADLINE);
			assertThat(teller.session().commit(teller.connection(), unverified)).isSameAs(Committed.ORDINARY);
			assertThat(bank.protocol().choice()).isEmpty();
			bank.verifyingAt(() -> {
				refused.incrementAndGet();
				return "jdbc:postgresql://127.0.0.1:1/none";
			});
			assertThat(teller.transfer(3).commit()).isSameAs(Committed.ORDINARY);
			assertThat(teller.transfer(4).commit()).isSameAs(Committed.ORDINARY);
			assertThat(refused).hasValue(1);
			assertThatExceptionOfType(SQLException.class).isThrownBy(bank.protocol()::choose);
			bank.verifyingAt(bank::url);
			assertThat(bank.protocol().choose().verification()).isEqualTo(Verification.MARKER);
		}
	}

	@Test
	void postgresql14Works() throws Exception {
		try (EmbeddedPostgresServer old = PostgresServer.embedded().version("14").start()) {
			for (VerificationMode mode : List.of(VerificationMode.XID, VerificationMode.MARKER)) {
				try (Bank bank = new Bank(old, mode)) {
					bank.protocol().choose();
					for (Fault fault : List.of(Fault.DROP_RESPONSE, Fault.DROP_REQUEST_SERVER_OPEN)) {
						try (Teller teller = bank.teller().transfer(fault.hashCode())) {
							bank.proxy().arm(fault);
							assertThat(teller.commit() instanceof Committed).isEqualTo(fault == Fault.DROP_RESPONSE);
						}
					}
				}
			}
		}
	}

}
