package io.github.resilientdb.autoconfigure;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolRestart}.
 */
class PoolRestartTests {

	private final GuardedPools pools = new GuardedPools();

	private final FakePool bank = new FakePool();

	private final FakePool shop = new FakePool();

	private final PoolRestart restart = new PoolRestart(this.pools);

	PoolRestartTests() {
		this.pools.add(this.bank.as("bank"));
		this.pools.add(this.shop.as("shop"));
	}

	@Test
	void firstStartKeepsWhatIsThere() {
		assertThat(this.restart.isRunning()).isFalse();
		this.restart.start();
		assertThat(this.restart.isRunning()).isTrue();
		assertThat(this.bank.invalidated()).isEmpty();
	}

	@Test
	void everyLaterStartGivesUpWhatWasThereBefore() {
		this.restart.start();
		for (int i = 1; i <= 2; i++) {
			this.restart.stop();
			assertThat(this.restart.isRunning()).isFalse();
			this.restart.start();
			assertThat(this.bank.invalidated()).hasSize(i).containsOnly("restarted");
			assertThat(this.shop.invalidated()).hasSize(i);
		}
	}

	@Test
	void poolThatWasClosedIsLeftAlone() {
		this.restart.start();
		this.restart.stop();
		this.bank.close();
		this.restart.start();
		assertThat(this.bank.invalidated()).isEmpty();
		assertThat(this.shop.invalidated()).hasSize(1);
	}

}
