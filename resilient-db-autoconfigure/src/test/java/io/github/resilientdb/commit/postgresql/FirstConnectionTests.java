package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.Verification;
import io.github.resilientdb.commit.VerificationMode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what a pool's first connection chooses for all others, wherever it leads.
 */
class FirstConnectionTests {

	private static final ContinuityToken TOKEN = new ContinuityToken("cluster", "00000001", "100", "200");

	private static final String MARK = "_set\"(?); COMMIT";

	private final FakePostgres postgres = new FakePostgres().answer("version()", FakePostgres.row("PostgreSQL 18"))
		.answer("pg_extension", FakePostgres.row("false"))
		.answer("pg_is_in_recovery()::text", FakePostgres.row("false"))
		.answer("txid_current()::text", FakePostgres.row("700"))
		.answer("|| ' ' ||", FakePostgres.row("700 in progress"))
		.answer("txid_current_if_assigned()", FakePostgres.row(700L, "on"));

	private final CommitProtocol protocol = CommitProtocols.create(CommitSettings.of(VerificationMode.AUTO, null, true),
			this.postgres::connect, CommitListener.NONE);

	FirstConnectionTests() {
		String[] states = { "in progress", "aborted" };
		int[] asked = new int[1];
		// Of the transaction that was a statement, and of the other before and after
		this.postgres.answer("txid_status(?::bigint)",
				(parameters) -> new Object[] { (asked[0]++ == 0) ? "committed" : states[(asked[0] - 2) % 2] });
		this.protocol.chooseWhenConnected();
	}

	private Connection open() throws SQLException {
		Connection physical = this.postgres.connect(0);
		this.protocol.open(physical, null);
		return physical;
	}

	private void transact() throws SQLException {
		Connection physical = this.postgres.connect(0);
		CommitSession session = this.protocol.open(physical, null);
		physical.setAutoCommit(false);
		try (Statement statement = physical.createStatement()) {
			statement.execute("UPDATE account SET balance = 1");
		}
		assertThat(session.commit(physical, new CommitRequest(true, false, Long.MAX_VALUE)))
			.isInstanceOf(Committed.class);
	}

	private void promote(boolean standby) {
		this.postgres.answer("pg_is_in_recovery()::text", FakePostgres.row(String.valueOf(standby)))
			.server(FakePostgres.state(FakePostgres.PID, standby, TOKEN));
	}

	@Test
	void standbyChoosesTheMarkerWithoutWriting() throws SQLException {
		this.postgres.withMarker();
		promote(true);
		open();
		assertThat(this.protocol.verification()).isEqualTo(Verification.MARKER);
		assertThat(this.postgres.sent("txid_current()")).isZero();
		assertThat(this.postgres.sent("INSERT")).isZero();
		assertThat(this.postgres.sent("CREATE")).isZero();
		promote(false);
		transact();
		assertThat(this.postgres.sent(MARK)).isOne();
	}

	@Test
	void standbyChoosesTransactionIdsWithoutTakingOne() throws SQLException {
		promote(true);
		open();
		assertThat(this.protocol.verification()).isEqualTo(Verification.XID);
		assertThat(this.postgres.sent("txid_current()")).isZero();
		promote(false);
		transact();
		assertThat(this.postgres.sent("txid_current_if_assigned()")).isGreaterThanOrEqualTo(2);
	}

	@Test
	void primaryTriesTransactionIdsAndLeavesTheConnectionAsItWas() throws SQLException {
		Connection first = open();
		assertThat(this.protocol.verification()).isEqualTo(Verification.XID);
		assertThat(first.getAutoCommit()).isTrue();
		assertThat(this.postgres.sent("COMMIT")).isZero();
		// Nothing that would outlive its transaction on a server that others use next
		assertThat(this.postgres.log()).noneMatch((sql) -> sql.startsWith("SET SESSION")
				|| sql.startsWith("SET ") && !sql.startsWith("SET LOCAL") && !sql.startsWith("SET TRANSACTION"));
		assertThat(this.postgres.open()).isOne();
	}

	/**
	 * As the pooler of PgBouncer does that allows statements only.
	 */
	@Test
	void poolerWithoutTransactionsCostsOneConnection() throws SQLException {
		this.postgres.answer("SET TRANSACTION READ WRITE", FakePostgres.failure("08P01"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(this::open)
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08P01"));
		open();
		open();
		assertThat(this.postgres.sent("SET TRANSACTION READ WRITE")).isOne();
	}

}
