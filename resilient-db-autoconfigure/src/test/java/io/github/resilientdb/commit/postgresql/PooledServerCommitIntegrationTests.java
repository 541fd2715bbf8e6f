package io.github.resilientdb.commit.postgresql;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.Bank.Teller;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PgBouncer;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Commits through PgBouncer in transaction mode: the server process changes with each
 * transaction, and the driver knows a made-up process id.
 */
class PooledServerCommitIntegrationTests {

	@ParameterizedTest
	@CsvSource({ "XID, DROP_REQUEST", "XID, DROP_RESPONSE", "XID, DROP_REQUEST_SERVER_OPEN", "MARKER, DROP_REQUEST",
			"MARKER, DROP_RESPONSE", "MARKER, DROP_REQUEST_SERVER_OPEN" })
	void lostCommitIsResolvedThroughThePooler(VerificationMode mode, Fault.Kind kind) throws Exception {
		PostgresServer server = PostgresServer.shared();
		try (PgBouncer pooler = PgBouncer.inFrontOf(server); Bank bank = Bank.onSharedServer(mode)) {
			String url = pooler.jdbcUrl().replace("/" + server.database(), "/" + bank.database());
			bank.with("prepareThreshold", "0").verifyingAt(() -> url);
			try (FaultProxy proxy = FaultProxy.inFrontOf("127.0.0.1", pooler.port(), bank.database())) {
				Teller teller = bank.teller(proxy.jdbcUrl());
				for (int i = 0; i < 7; i++) {
					assertThat(teller.transfer(10 + i).commit()).isSameAs(Committed.ORDINARY);
				}
				assertThat(teller.session().release(Bank.NO_DEADLINE)).isFalse();
				proxy.arm(new Fault(kind, Duration.ZERO, ""));
				CommitOutcome outcome = teller.transfer(2).commit();
				assertThat(outcome).isInstanceOfAny(Committed.class, NotCommitted.class);
				assertThat(outcome instanceof Committed).isEqualTo(kind == Fault.Kind.DROP_RESPONSE);
				assertThat(bank.rows(2)).isEqualTo((kind == Fault.Kind.DROP_RESPONSE) ? 1 : 0);
			}
		}
	}

	/**
	 * Some poolers tell the real process ids: what served the lost connection may be
	 * serving another client by now, with the same id and the same start.
	 */
	@ParameterizedTest
	@EnumSource(names = { "XID", "MARKER" })
	void processWhoseTransactionBeganAfterTheLastAnswerIsLeftAlone(VerificationMode mode) throws Exception {
		AtomicLong lastAnswer = new AtomicLong(System.nanoTime());
		try (Bank bank = Bank.onSharedServer(mode).lastAnswer(lastAnswer::get); Teller teller = bank.teller()) {
			bank.protocol().choose();
			teller.transfer(2);
			assertThat(teller.session().release(Bank.NO_DEADLINE)).isFalse();
			teller.transfer(3);
			lastAnswer.set(System.nanoTime());
			assertThat(teller.session().release(Bank.NO_DEADLINE)).isTrue();
		}
	}

	@Test
	void processOfALostCommitIsLeftAloneIfItServesAnother() throws Exception {
		long before = System.nanoTime();
		try (Bank bank = Bank.onSharedServer(VerificationMode.MARKER).lastAnswer(() -> before);
				Teller teller = bank.teller().transfer(2)) {
			bank.proxy().arm(Fault.DROP_REQUEST_SERVER_OPEN);
			assertThat(teller.commit()).isInstanceOf(NotCommitted.class);
			assertThat(bank.fenced()).isZero();
		}
	}

}
