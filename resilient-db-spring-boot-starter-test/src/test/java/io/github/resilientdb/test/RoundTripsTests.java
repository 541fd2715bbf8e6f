package io.github.resilientdb.test;

import java.util.List;

import io.github.resilientdb.test.proxy.ArmedFault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Where a fault is placed.
 */
class RoundTripsTests {

	private final RoundTrips roundTrips = new RoundTrips();

	@Test
	void recordWhatIsAskedMeanwhile() {
		ask("before");
		this.roundTrips.record();
		ask("select 1");
		ask("COMMIT");
		assertThat(this.roundTrips.stop()).extracting(RoundTrip::number, RoundTrip::summary)
			.containsExactly(tuple(1, "select 1"), tuple(2, "COMMIT"));
		ask("after");
		this.roundTrips.record();
		assertThat(this.roundTrips.stop()).isEmpty();
	}

	@Test
	void placeAFaultOnceAtItsPosition() {
		RoundTrip second = new RoundTrip(2, "db", List.of("select 2"));
		ArmedFault fault = this.roundTrips.record(second, FaultKind.REPLY_LOST);
		assertThat(ask("select 1")).isNull();
		assertThat(fault.isTaken()).isFalse();
		assertThat(ask("select 2")).isSameAs(fault);
		assertThat(fault.isTaken()).isTrue();
		assertThat(ask("select 2")).isNull();
	}

	@Test
	void doNotCountWhatIsNotTheMethodsOwn() {
		RoundTrip first = new RoundTrip(1, "db", List.of("select 1"));
		ArmedFault fault = this.roundTrips.record(first, FaultKind.REPLY_LOST);
		assertThat(ask("select nextval('orders_seq')")).isNull();
		assertThat(ask("")).isNull();
		assertThat(ask("select 1")).isSameAs(fault);
	}

	@Test
	void placeNoFaultAfterTheRun() {
		this.roundTrips.record(new RoundTrip(1, "db", List.of("select 1")), FaultKind.REPLY_LOST);
		this.roundTrips.stop();
		assertThat(ask("select 1")).isNull();
		this.roundTrips.record();
		assertThat(ask("select 1")).isNull();
	}

	private @Nullable ArmedFault ask(String sql) {
		return this.roundTrips.observe("db", List.of(sql));
	}

}
