package io.github.resilientdb.test.proxy;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which of several faults a statement meets.
 */
class ArmedFaultsTests {

	private final ArmedFaults faults = new ArmedFaults();

	@Test
	void oneStatementMeetsOneFault() {
		ArmedFault first = this.faults.arm(Fault.DROP_REQUEST, Statements.any(), 1);
		ArmedFault second = this.faults.arm(Fault.RESET_AFTER, Statements.any(), 1);
		assertThat(this.faults.at("select 1")).isSameAs(first);
		assertThat(this.faults.at("select 2")).isSameAs(second);
		assertThat(this.faults.at("select 3")).isNull();
	}

	@Test
	void faultsForOtherStatementsDoNotStandInTheWay() {
		this.faults.arm(Fault.DROP_REQUEST, Statements.commit(), 1);
		ArmedFault insert = this.faults.arm(Fault.HOLD, Statements.containing("insert"), 1);
		assertThat(this.faults.at("insert")).isSameAs(insert);
	}

	@Test
	void knowsThoseThatHaveFiredUntilTheyAreDisarmed() {
		ArmedFault taken = this.faults.arm(Fault.DROP_REQUEST, Statements.any(), 1);
		this.faults.at("select 1");
		assertThat(this.faults.all()).containsExactly(taken);
		ArmedFault waiting = this.faults.arm(Fault.DROP_REQUEST, Statements.any(), 1);
		this.faults.disarm();
		assertThat(this.faults.all()).isEmpty();
		assertThat(this.faults.at("select 2")).isNull();
		assertThat(waiting.isFired()).isFalse();
	}

}
