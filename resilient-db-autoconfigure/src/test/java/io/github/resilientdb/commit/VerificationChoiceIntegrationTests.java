package io.github.resilientdb.commit;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.commit.Bank.Teller;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.Fault;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.Test;

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
				"My \"own\"", Duration.ofHours(1), Duration.ofHours(24));
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
