package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.Bank.Teller;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.SharingPooler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Behind a pooler that tells its clients the real process id, which several of them
 * share: no process is ended that may be serving another client.
 */
class SharedProcessIntegrationTests {

	private final AtomicLong lastAnswer = new AtomicLong(System.nanoTime());

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void isLeftAloneOnceItServesAnother(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode);
				SharingPooler pooler = SharingPooler.inFrontOf(PostgresServer.shared(), 2);
				Teller lost = teller(bank, pooler);
				Teller other = teller(bank, pooler)) {
			assertThat(process(other.connection())).isEqualTo(process(lost.connection()));
			lose(lost);
			pooler.dropTransactions();
			transfer(other, 3);
			assertThat(lost.session().release(Bank.NO_DEADLINE)).isFalse();
			assertServed(bank, other);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void isLeftAloneAfterALostCommit(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode);
				SharingPooler pooler = SharingPooler.inFrontOf(PostgresServer.shared(), 2);
				Teller lost = teller(bank, pooler);
				Teller other = teller(bank, pooler)) {
			bank.verifyingAt(() -> pooler.jdbcUrl(bank.database()));
			lose(lost);
			pooler.loseCommit(() -> transfer(other, 3));
			assertThat(lost.commit()).isInstanceOf(NotCommitted.class);
			assertServed(bank, other);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void isLeftAloneIfItServedAnotherAllTheTime(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode);
				SharingPooler pooler = SharingPooler.inFrontOf(PostgresServer.shared(), 2);
				Teller lost = teller(bank, pooler);
				Teller other = teller(bank, pooler)) {
			transfer(other, 3);
			pause(other);
			lose(lost); // by the other process
			assertThat(lost.session().release(Bank.NO_DEADLINE)).isFalse();
			assertServed(bank, other);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void isEndedIfItHoldsTheLostTransaction(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode);
				SharingPooler pooler = SharingPooler.inFrontOf(PostgresServer.shared(), 2);
				Teller lost = teller(bank, pooler);
				Teller other = teller(bank, pooler)) {
			lose(lost);
			transfer(other, 3);
			assertThat(lost.session().release(Bank.NO_DEADLINE)).isTrue();
			assertServed(bank, other);
		}
	}

	private Bank bank(VerificationMode mode) throws SQLException {
		Bank bank = Bank.onSharedServer(mode).lastAnswer(this.lastAnswer::get);
		bank.protocol().choose();
		return bank;
	}

	private static Teller teller(Bank bank, SharingPooler pooler) throws SQLException {
		return bank.teller(pooler.jdbcUrl(bank.database()));
	}

	/**
	 * Write in a transaction whose loss is going to be seen.
	 */
	private void lose(Teller teller) throws SQLException {
		transfer(teller, 2);
		pause(teller);
		this.lastAnswer.set(System.nanoTime());
	}

	/**
	 * Let more time pass than reading the server's clock takes on a busy machine: of what
	 * happens within that time it can't be told which was first.
	 */
	private static void pause(Teller teller) throws SQLException {
		teller.execute("DO 'BEGIN PERFORM pg_sleep(0.5); END'");
	}

	private static void transfer(Teller teller, int id) {
		try {
			teller.session().transactionBegins();
			teller.execute("INSERT INTO account (id) VALUES (%d)".formatted(id));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertServed(Bank bank, Teller other) throws SQLException {
		assertThat(other.commit()).isSameAs(Committed.ORDINARY);
		assertThat(bank.rows(3)).isOne();
		assertThat(bank.rows(2)).isZero();
	}

	private static int process(Connection connection) throws SQLException {
		return connection.unwrap(PGConnection.class).getBackendPID();
	}

}
