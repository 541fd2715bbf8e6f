package io.github.resilientdb.test;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Faults that a test places by itself.
 */
class DisconnectsTests {

	private final DisconnectProbe probe = new DisconnectProbe();

	private final Disconnects disconnects = new Disconnects(this.probe, Matrix::new);

	@AfterEach
	void close() {
		this.probe.close();
	}

	@Test
	void placesAFaultByAPartOfTheSql() {
		this.disconnects.at(FaultKind.REPLY_LOST, "INTO note");
		assertThat(this.probe.placed().observe(List.of("insert into other"))).isNull();
		assertThat(this.probe.placed().observe(List.of("insert into NOTE"))).isNotNull();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.disconnects::mend)
			.withMessageContaining("INTO note");
	}

	@Test
	void refusesATextThatStandsInAnySql() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.disconnects.at(FaultKind.REPLY_LOST, " "))
			.withMessageContaining("part of the SQL");
		assertThat(this.probe.placed().observe(List.of("insert into note"))).isNull();
	}

}
