package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.Bank.Teller;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.Pgpool;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Commits through Pgpool-II, which tells the real process ids, and gives the process of a
 * client that has left to the next one: what {@link SharedProcessIntegrationTests} shows
 * of poolers that do so with each transaction.
 */
class PgpoolCommitIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static Pgpool pooler;

	private final AtomicLong lastAnswer = new AtomicLong(System.nanoTime());

	@BeforeAll
	static void start() {
		pooler = Pgpool.inFrontOf(server, 4);
	}

	@AfterAll
	static void stop() {
		if (pooler != null) {
			pooler.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "XID, DROP_REQUEST", "XID, DROP_RESPONSE", "XID, DROP_REQUEST_SERVER_OPEN", "MARKER, DROP_REQUEST",
			"MARKER, DROP_RESPONSE", "MARKER, DROP_REQUEST_SERVER_OPEN" })
	void lostCommitIsResolvedThroughThePooler(VerificationMode mode, Fault.Kind kind) throws Exception {
		try (Bank bank = Bank.onSharedServer(mode);
				FaultProxy proxy = FaultProxy.inFrontOf("127.0.0.1", pooler.port(), bank.database())) {
			bank.verifyingAt(() -> pooler.jdbcUrl(bank.database()));
			try (Teller other = bank.teller(pooler.jdbcUrl(bank.database()));
					Teller teller = bank.teller(proxy.jdbcUrl())) {
				transfer(other, 3);
				assertThat(teller.transfer(10).commit()).isSameAs(Committed.ORDINARY);
				proxy.arm(new Fault(kind, Duration.ZERO, ""));
				CommitOutcome outcome = teller.transfer(2).commit();
				proxy.awaitFault(Duration.ofSeconds(10));
				boolean committed = kind == Fault.Kind.DROP_RESPONSE;
				assertThat(outcome).isInstanceOf(committed ? Committed.class : NotCommitted.class);
				assertThat(bank.rows(2)).isEqualTo(committed ? 1 : 0);
				assertServed(bank, other);
			}
		}
	}

	/**
	 * A process whose client took leave serves the next one; if the client just vanished,
	 * it is ended by the pooler.
	 */
	@ParameterizedTest
	@CsvSource({ "XID, true", "XID, false", "MARKER, true", "MARKER, false" })
	void processIsLeftAloneOnceItServesAnother(VerificationMode mode, boolean reused) throws Exception {
		try (Pgpool single = Pgpool.inFrontOf(server, 1); Bank bank = bank(mode)) {
			Teller lost = bank.teller(single.jdbcUrl(bank.database()));
			int process = process(lost.connection());
			lose(lost);
			if (reused) {
				lost.connection().close();
			}
			else {
				lost.connection().abort(Runnable::run);
			}
			try (Teller other = bank.teller(single.jdbcUrl(bank.database()))) {
				assertThat(process(other.connection()) == process).isEqualTo(reused);
				transfer(other, 3);
				assertThat(lost.session().release(Bank.NO_DEADLINE)).isFalse();
				assertThat(bank.rows(2)).isZero();
				assertServed(bank, other);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void processIsEndedIfItHoldsTheLostTransaction(VerificationMode mode) throws Exception {
		try (Bank bank = bank(mode);
				Teller lost = bank.teller(pooler.jdbcUrl(bank.database()));
				Teller other = bank.teller(pooler.jdbcUrl(bank.database()))) {
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

	/**
	 * Write in a transaction whose loss is going to be seen.
	 */
	private void lose(Teller teller) throws SQLException {
		transfer(teller, 2);
		this.lastAnswer.set(System.nanoTime());
	}

	private static void transfer(Teller teller, int id) throws SQLException {
		teller.session().transactionBegins();
		teller.execute("INSERT INTO account (id) VALUES (%d)".formatted(id));
	}

	private static void assertServed(Bank bank, Teller other) throws SQLException {
		assertThat(other.commit()).isSameAs(Committed.ORDINARY);
		assertThat(bank.rows(3)).isOne();
	}

	private static int process(Connection connection) throws SQLException {
		return connection.unwrap(PGConnection.class).getBackendPID();
	}

}
