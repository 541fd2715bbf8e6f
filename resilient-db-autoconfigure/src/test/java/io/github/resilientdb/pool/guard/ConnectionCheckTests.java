package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.github.resilientdb.FailureVerdict.Scope;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

// A ledger, and the mark of a checkout, are confined to their thread
@Timeout(value = 30, threadMode = ThreadMode.SAME_THREAD)
class ConnectionCheckTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration DAY = Duration.ofDays(1);

	// later than now, so that it is not old for a machine that stops for a while
	private static final Duration JUST_NOW = Duration.ofSeconds(-20);

	private final Connection lease = new FakeDatabase().getConnection();

	private final FakeCommits commits = new FakeCommits();

	private TestRegistry pool = new TestRegistry();

	private GuardedSession session;

	private ConnectionCheck check;

	private void open(boolean standby, Duration age, Duration expiresAfter) throws SQLException {
		this.session = this.pool.session(this.commits, standby, age, expiresAfter);
		GuardedConnection owner = this.pool.open(new FakeCommits());
		this.check = new ConnectionCheck(owner, this.session);
		this.pool.told().clear();
	}

	/**
	 * Open a connection that was just used.
	 */
	private void open() throws SQLException {
		open(false, MINUTE, DAY);
		this.session.proof().used(System.nanoTime());
	}

	private Lending lend() {
		return this.check.lend(this.lease, System.nanoTime() + MINUTE.toNanos());
	}

	private boolean isAsked() {
		return this.pool.told().stream().anyMatch((event) -> event.startsWith("pinged"));
	}

	@AfterEach
	void close() {
		CheckoutMark.ofThread().clear();
		this.pool.close();
	}

	@Test
	void whatWasJustOpenedIsLentWithoutARoundTrip() throws SQLException {
		open(false, JUST_NOW, DAY);
		assertThat(lend()).isEqualTo(Lending.LENT);
		assertThat(this.session.life().isLent()).isTrue();
		assertThat(isAsked()).isFalse();
	}

	@ParameterizedTest
	@EnumSource
	void whatIsKnownToBeOfNoUseIsRefusedWithoutARoundTrip(Flaw flaw) throws SQLException {
		if (flaw == Flaw.STANDBY) {
			this.pool = new TestRegistry(PrePing.ALWAYS, RequirePrimary.ALWAYS, false);
		}
		open(flaw == Flaw.STANDBY, MINUTE, (flaw == Flaw.RECYCLED) ? MINUTE : DAY);
		switch (flaw) {
			case LOST -> this.session.abandon(new ConnectionLostException(null), "dead");
			case CLOSED_BY_DRIVER -> this.session.physical().connection().close();
			case INVALIDATED -> this.pool.connections().discardAll("test");
			case SUPERSEDED -> this.commits.supersede();
			default -> {
			}
		}
		assertThat(lend()).isEqualTo(Lending.UNFIT);
		assertThat(this.session.life().reason()).isEqualTo(flaw.reason);
		assertThat(this.session.life().isLent()).isFalse();
		assertThat(isAsked()).isFalse();
	}

	@Test
	void aStandbyIsGoodEnoughWhereNoPrimaryIsNeeded() throws SQLException {
		open(true, JUST_NOW, DAY);
		assertThat(lend()).isEqualTo(Lending.LENT);
		this.pool.connections().database().primary().wrote();
		assertThat(lend()).isEqualTo(Lending.UNFIT);
	}

	@ParameterizedTest
	@CsvSource({ "ALWAYS, false, true", "ALWAYS, true, true", "IDLE, false, false", "IDLE, true, true",
			"OFF, false, false", "OFF, true, false" })
	void withoutASocketToLookAtTheServerIsAsked(PrePing prePing, boolean idle, boolean asked) throws SQLException {
		this.pool = new TestRegistry(prePing, RequirePrimary.AUTO, false);
		open(false, TestRegistry.PING_AFTER.plus(MINUTE), DAY);
		if (!idle) {
			this.session.proof().used(System.nanoTime());
		}
		assertThat(lend()).isEqualTo(Lending.LENT);
		assertThat(isAsked()).isEqualTo(asked);
	}

	@Test
	void whatIsSuspectMustAnswerOnce() throws SQLException {
		this.pool = new TestRegistry(PrePing.OFF, RequirePrimary.AUTO, false);
		open();
		suspect();
		assertThat(lend()).isEqualTo(Lending.LENT);
		assertThat(lend()).isEqualTo(Lending.LENT);
		assertThat(this.pool.told()).containsExactly("pinged true");
	}

	private void suspect() {
		this.pool.connections().generations().disconnected(0, System.nanoTime(), Scope.SUSPECT, System.nanoTime());
		assertThat(this.session.proof().isSuspect()).isTrue();
	}

	@Test
	void noAnswerIsALoss() throws SQLException {
		open();
		failAnswers(new SQLException("broken", "08006"));
		assertThat(lend()).isEqualTo(Lending.UNFIT);
		assertThat(this.session.isLost()).isTrue();
		assertThat(this.session.life().reason()).isEqualTo("ping-failed");
		assertThat(this.pool.told()).contains("pinged false", "disconnected CHECKOUT ping-failed 08006");
	}

	private void failAnswers(Throwable failure) {
		this.pool.server(this.session).failOn(failure, "isValid");
	}

	@Test
	void anErrorOfTheDriversIsALossAndReachesTheCaller() throws SQLException {
		open();
		failAnswers(new NoClassDefFoundError("gone"));
		assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(this::lend);
		assertThat(this.session.life().reason()).isEqualTo("driver-error");
	}

	@Test
	void thereMayBeNoTimeLeftToAsk() throws SQLException {
		open();
		assertThat(this.check.lend(this.lease, System.nanoTime())).isEqualTo(Lending.OUT_OF_TIME);
		assertThat(this.session.life().state()).isEqualTo(ConnectionState.OPEN);
		assertThat(isAsked()).isFalse();
	}

	@Test
	void anIncidentDuringTheCheckCounts() throws SQLException {
		open();
		this.pool.onPing(() -> this.pool.connections().discardAll("test"));
		assertThat(lend()).isEqualTo(Lending.UNFIT);
		assertThat(this.session.life().reason()).isEqualTo("invalidated");
	}

	@Test
	void aLossDuringTheCheckCounts() throws SQLException {
		open();
		this.pool.onPing(() -> this.session.abandon(new ConnectionLostException(null), "test"));
		assertThat(lend()).isEqualTo(Lending.UNFIT);
		assertThat(this.session.life().reason()).isEqualTo("test");
	}

	@Test
	void aTransactionBeginsWithTheLoan() throws SQLException {
		open();
		this.session.transaction().autoCommitOff();
		try (AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE)) {
			assertThat(lend()).isEqualTo(Lending.LENT);
			assertThat(ledger.own().outcome()).isEqualTo(TransactionOutcome.ACTIVE);
		}
	}

	@Test
	void hikariAsksInVainDuringACheckout() throws SQLException {
		open();
		CheckoutMark.ofThread().set();
		failAnswers(new SQLException("broken", "08006"));
		assertThat(this.check.isValidForPool(1)).isTrue();
		assertThat(isAsked()).isFalse();
	}

	@Test
	void hikariIsToldWhetherAnIdleConnectionAnswers() throws SQLException {
		open();
		assertThat(this.check.isValidForPool(0)).isTrue();
		failAnswers(new SQLException("broken", "08006"));
		assertThat(this.check.isValidForPool(0)).isFalse();
		assertThat(this.session.isLost()).isTrue();
		assertThat(this.pool.told()).startsWith("pinged true", "pinged false");
	}

	@Test
	void hikariNeedNotAskWhatWasJustOpened() throws SQLException {
		open(false, JUST_NOW, DAY);
		assertThat(this.check.isValidForPool(0)).isTrue();
		assertThat(isAsked()).isFalse();
	}

	@Test
	void hikariKeepsAliveWhatNobodyHasUsed() throws SQLException {
		open(false, TestRegistry.PING_AFTER.dividedBy(2), DAY);
		assertThat(this.check.isValidForPool(0)).isTrue();
		assertThat(isAsked()).isTrue();
	}

	enum Flaw {

		LOST("dead"), CLOSED_BY_DRIVER("dead"), INVALIDATED("invalidated"), SUPERSEDED("superseded"),
		STANDBY("standby"), RECYCLED("recycled");

		private final String reason;

		Flaw(String reason) {
			this.reason = reason;
		}

	}

}
