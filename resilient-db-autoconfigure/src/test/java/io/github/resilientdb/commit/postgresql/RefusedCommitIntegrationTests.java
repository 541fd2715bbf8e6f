package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;

import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.Bank.Teller;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A COMMIT that the server refuses, in a way that makes the driver send it again.
 */
class RefusedCommitIntegrationTests {

	private static final String REFUSAL = "create function refuse() returns trigger language plpgsql as "
			+ "$$ begin raise exception 'refused' using errcode = '%s'; end $$";

	@ParameterizedTest
	@CsvSource({ "NONE, 26000", "XID, 26000", "MARKER, 26000", "XID, 23505" })
	void isNoSuccess(VerificationMode mode, String sqlState) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode)) {
			bank.protocol().choose();
			bank.execute(REFUSAL.formatted(sqlState), "create constraint trigger refuse after insert on account "
					+ "deferrable initially deferred for each row when (new.id > 100) execute function refuse()");
			try (Teller teller = bank.teller()) {
				for (int i = 1; i < 8; i++) {
					int id = i;
					teller.transfer(100 + id);
					assertThatExceptionOfType(SQLException.class).isThrownBy(teller::commit);
					assertThat(bank.rows(100 + id)).isZero();
					assertThat(teller.transfer(1 + id).commit()).isSameAs(Committed.ORDINARY);
					assertThat(bank.rows(1 + id)).isOne();
				}
			}
		}
	}

}
