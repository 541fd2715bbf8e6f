package io.github.resilientdb.test.proxy;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is counted, and what was added meanwhile.
 */
class TrafficCounterTests {

	private final TrafficCounter counter = new TrafficCounter();

	@Test
	void countsBothDirectionsByTheirTypes() {
		this.counter.countConnection();
		this.counter.countRoundTrip();
		this.counter.countFromClient((byte) 'Q');
		this.counter.countFromClient((byte) 'Q');
		this.counter.countFromServer((byte) 'Z');
		Traffic traffic = this.counter.snapshot();
		assertThat(traffic).isEqualTo(new Traffic(1, 1, Map.of('Q', 2L), Map.of('Z', 1L)));
		assertThat(traffic.fromClient('Z')).isZero();
		assertThat(traffic.messagesFromClient()).isEqualTo(2);
	}

	@Test
	void differenceHasOnlyWhatIsNew() {
		this.counter.countFromClient((byte) 'P');
		Traffic before = this.counter.snapshot();
		this.counter.countRoundTrip();
		this.counter.countFromClient((byte) 'Q');
		assertThat(this.counter.snapshot().since(before)).isEqualTo(new Traffic(0, 1, Map.of('Q', 1L), Map.of()));
		assertThat(before.fromClient()).as("of its moment").containsOnlyKeys('P');
	}

	@Test
	void typeThatIsNoneOfTheProtocolDoesNoHarm() {
		this.counter.countFromServer((byte) 0xFF);
		assertThat(this.counter.snapshot().fromServer()).hasSize(1);
	}

}
