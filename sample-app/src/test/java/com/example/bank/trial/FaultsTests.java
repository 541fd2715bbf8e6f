package com.example.bank.trial;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import com.example.bank.embedded.EmbeddedDatabase;
import com.example.bank.embedded.EmbeddedDatabase.StopMode;
import com.example.bank.network.CommitLoss;
import com.example.bank.network.FaultProxy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;

/**
 * That whatever is broken is mended, and that nothing is broken which may not be.
 */
class FaultsTests {

	private final TrialDatabase database = mock(TrialDatabase.class);

	private final EmbeddedDatabase server = mock(EmbeddedDatabase.class);

	private final FaultProxy proxy = mock(FaultProxy.class);

	private final Fault fault = new Fault();

	@ParameterizedTest
	@EnumSource
	void nothingStandsInTheWayOnTheOwnServer(FaultKind kind) {
		assertThat(faults(this.server, null).reasonAgainst(kind)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "SESSIONS,false", "RESTART,true", "CRASH,true", "SILENCE,false", "COMMIT_REQUEST,false",
			"COMMIT_REPLY,false" })
	void doesNotStopAServerOfOthers(FaultKind kind, boolean refused) {
		assertThat(faults(null, null).reasonAgainst(kind) != null).isEqualTo(refused);
	}

	@ParameterizedTest
	@CsvSource({ "SESSIONS,false", "RESTART,false", "CRASH,false", "SILENCE,true", "COMMIT_REQUEST,true",
			"COMMIT_REPLY,true" })
	void needsAProxyToBreakTheNetwork(FaultKind kind, boolean refused) {
		assertThat("no proxy".equals(faults(this.server, "no proxy").reasonAgainst(kind))).isEqualTo(refused);
	}

	@ParameterizedTest
	@EnumSource(names = { "COMMIT_REQUEST", "COMMIT_REPLY" })
	void doesNotPretendToLoseCommitsThatItCannotRead(FaultKind kind) {
		given(this.proxy.isEncrypted()).willReturn(true);
		assertThat(faults(this.server, null).reasonAgainst(kind)).contains("sslmode=disable");
		assertThat(faults(this.server, null).reasonAgainst(FaultKind.SILENCE)).isNull();
	}

	@Test
	void healsTheNetworkAlsoIfItIsInterrupted() {
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> run(FaultKind.SILENCE));
		InOrder order = inOrder(this.proxy);
		order.verify(this.proxy).silence();
		order.verify(this.proxy).heal();
	}

	@ParameterizedTest
	@CsvSource({ "RESTART,FAST", "CRASH,IMMEDIATE" })
	void startsTheServerAgain(FaultKind kind, StopMode mode) throws Exception {
		run(kind);
		InOrder order = inOrder(this.server);
		order.verify(this.server).stop(mode);
		order.verify(this.server).start();
	}

	@Test
	void startsTheServerAgainAlsoIfItDidNotStopInOrder() throws Exception {
		willThrow(new IOException("pg_ctl")).given(this.server).stop(StopMode.FAST);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> run(FaultKind.RESTART));
		then(this.server).should().start();
	}

	@Test
	void endsSessionsAtLeastOnceHoweverShortItLasts() throws Exception {
		this.fault.end();
		run(FaultKind.SESSIONS);
		then(this.database).should(atLeastOnce()).endSessions();
	}

	@Test
	void tellsThatSessionsCouldNotBeEnded() throws SQLException {
		given(this.database.endSessions()).willThrow(new SQLException("no permission"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> run(FaultKind.SESSIONS))
			.withMessage("no permission");
	}

	@ParameterizedTest
	@CsvSource({ "COMMIT_REQUEST,REQUEST", "COMMIT_REPLY,REPLY" })
	void losesAFewCommitsAndSparesTheRestWhenItIsEnded(FaultKind kind, CommitLoss loss) throws Exception {
		given(this.proxy.commitsToLose(loss)).willReturn(Faults.COMMITS);
		this.fault.end();
		run(kind);
		assertThat(this.fault.progress()).isEqualTo("3 to go");
		InOrder order = inOrder(this.proxy);
		order.verify(this.proxy).loseCommits(loss, Faults.COMMITS);
		order.verify(this.proxy).spareCommits(loss);
	}

	@Test
	void isOverWhenAllAreLost() throws Exception {
		run(FaultKind.COMMIT_REPLY);
		then(this.proxy).should().spareCommits(CommitLoss.REPLY);
	}

	private void run(FaultKind kind) throws Exception {
		faults(this.server, null).action(kind).run(this.fault);
	}

	private Faults faults(@Nullable EmbeddedDatabase stoppable, @Nullable String obstacle) {
		Duration brief = Duration.ofMillis(1);
		return new Faults(this.database, stoppable, List.of(this.proxy), obstacle, new FaultTimes(brief, brief, brief));
	}

}
