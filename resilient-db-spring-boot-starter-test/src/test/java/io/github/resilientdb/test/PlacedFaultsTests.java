package io.github.resilientdb.test;

import java.util.List;

import io.github.resilientdb.test.proxy.Statements;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where single faults fire.
 */
class PlacedFaultsTests {

	private final PlacedFaults faults = new PlacedFaults();

	@Test
	void firesOnceWhicheverServerIsAsked() {
		this.faults.place("reply of COMMIT lost", FaultKind.REPLY_LOST.fault(), Statements.commit());
		assertThat(this.faults.observe(List.of("insert into note"))).isNull();
		assertThat(this.faults.observe(List.of("insert into note", "COMMIT"))).isNotNull();
		assertThat(this.faults.observe(List.of("COMMIT"))).as("on another server, after the first").isNull();
	}

	@Test
	void eachOfSeveralFires() {
		this.faults.place("first", FaultKind.REPLY_LOST.fault(), Statements.commit());
		this.faults.place("second", FaultKind.REPLY_LOST.fault(), Statements.commit());
		assertThat(this.faults.observe(List.of("COMMIT"))).isNotNull();
		assertThat(this.faults.observe(List.of("COMMIT"))).isNotNull();
		assertThat(this.faults.observe(List.of("COMMIT"))).isNull();
	}

	@Test
	void tellsWhatDidNotFire() {
		this.faults.place("reply of COMMIT lost", FaultKind.REPLY_LOST.fault(), Statements.commit());
		assertThat(this.faults.clear()).containsExactly("reply of COMMIT lost");
		assertThat(this.faults.clear()).isEmpty();
	}

}
