package io.github.resilientdb.observe;

import java.time.Clock;
import java.time.Duration;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.observe.PoolJournal.Disconnect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link PoolJournal}.
 */
class PoolJournalTests {

	private final PoolJournal journal = new PoolJournal(Clock.systemUTC());

	@Test
	void keepsTheLatestOnesFirst() {
		for (int i = 0; i < 30; i++) {
			this.journal.disconnected("bank", "reason-" + i, Phase.TRANSACTION, "08006");
		}
		assertThat(this.journal.disconnects()).hasSize(20)
			.first()
			.extracting(Disconnect::reason)
			.isEqualTo("reason-29");
	}

	@Test
	void attemptsToConnectPushNothingOut() {
		this.journal.disconnected("bank", "admin-shutdown", Phase.COMMIT, "57P01");
		for (int i = 0; i < 100; i++) {
			this.journal.disconnected("bank", "connect-failed", Phase.CONNECT, "08001");
			this.journal.disconnected("other", "connect-failed", Phase.CONNECT, "08001");
		}
		assertThat(this.journal.disconnects()).extracting(Disconnect::pool, Disconnect::phase, Disconnect::count)
			.containsExactly(tuple("other", "connect", 100), tuple("bank", "connect", 100), tuple("bank", "commit", 1));
	}

	@Test
	void knowsTheOutageThatGoesOn() {
		this.journal.outageBegan("bank", "connect-failed");
		assertThat(this.journal.outage("bank")).isNotNull();
		this.journal.outageEnded("bank", Duration.ofSeconds(1));
		assertThat(this.journal.outage("bank")).isNull();
		this.journal.outageBegan("bank", "connect-failed");
		this.journal.outageAbandoned("bank");
		assertThat(this.journal.outage("bank")).isNull();
	}

}
