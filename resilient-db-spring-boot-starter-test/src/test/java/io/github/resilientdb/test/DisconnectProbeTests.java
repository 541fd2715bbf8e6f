package io.github.resilientdb.test;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What stands around an application without a database.
 */
class DisconnectProbeTests {

	private final DisconnectProbe probe = new DisconnectProbe();

	@AfterEach
	void close() {
		this.probe.close();
	}

	@Test
	void isBegunOnce() {
		assertThat(this.probe.begin()).isTrue();
		assertThat(this.probe.begin()).isFalse();
	}

	@Test
	void saysThatThereIsNoDataSource() {
		assertThatIllegalStateException().isThrownBy(this.probe::requireSource)
			.withMessageContaining("has no data source: write @SpringBootTest");
	}

	@Test
	void saysWhyADataSourceHasNoProxy() {
		this.probe.leaveAlone("orders", "its pool has started");
		assertThatIllegalStateException().isThrownBy(this.probe::requireSource)
			.withMessageContaining("No proxy before data source 'orders': its pool has started");
	}

	@Test
	void failsIfAPlacedFaultDidNotFireAndForgetsIt() {
		this.probe.placed().place("reply of COMMIT lost", FaultKind.REPLY_LOST.fault(), (sql) -> true);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.probe::mend)
			.withMessageContaining("reply of COMMIT lost");
		this.probe.mend();
	}

}
