package io.github.resilientdb.test.proxy;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Which statement a fault takes, and what is known of it then.
 */
class ArmedFaultTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	@Test
	void takesTheNthStatementOfItsKindAndNoOther() {
		ArmedFault fault = new ArmedFault(Fault.DROP_REQUEST, Statements.containing("insert"), 2);
		assertThat(fault.takes("insert into a")).isFalse();
		assertThat(fault.takes("select 1")).isFalse();
		assertThat(fault.isTaken()).isFalse();
		assertThat(fault.takes("INSERT into b")).isTrue();
		assertThat(fault.isTaken()).isTrue();
		assertThat(fault.takes("insert into c")).isFalse();
		assertThat(fault.isFired()).as("until its effect is there").isFalse();
	}

	@Test
	void takesNothingByItselfIfAnObserverPlacesIt() {
		ArmedFault fault = ArmedFault.of(Fault.DROP_REQUEST);
		assertThat(fault.takes("insert")).isFalse();
		assertThat(fault.isTaken()).isFalse();
		assertThat(fault.take().isTaken()).isTrue();
	}

	@Test
	void takesNothingOnceDisarmedAndReleasesWhoWaits() throws InterruptedException {
		ArmedFault fault = new ArmedFault(Fault.HOLD, Statements.any(), 1);
		Thread holder = new Thread(() -> {
			try {
				fault.awaitRelease();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		holder.start();
		fault.disarm();
		holder.join();
		assertThat(fault.takes("select 1")).isFalse();
		assertThat(fault.isFired()).isFalse();
	}

	@Test
	void refusesToWaitForNoStatement() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ArmedFault(Fault.HOLD, Statements.any(), 0))
			.withMessageContaining("(0)");
	}

	@Test
	void saysWhichFaultDidNotFireInTime() {
		ArmedFault fault = ArmedFault.of(Fault.error("40001"));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> fault.await(Duration.ofMillis(1)))
			.withMessageContaining("40001")
			.withMessageContaining("not fired within PT0.001S");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> fault.awaitAnswered(Duration.ZERO))
			.withMessageContaining("not been answered by the server");
		fault.markFired();
		fault.await(LONG);
		fault.markAnswered();
		fault.awaitAnswered(LONG);
	}

	@Test
	void keepsTheInterruptOfWhoWaits() {
		Thread.currentThread().interrupt();
		try {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> ArmedFault.of(Fault.HOLD).await(LONG))
				.withMessageStartingWith("Interrupted");
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
	}

}
