package io.github.resilientdb.pool.socket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.pool.socket.Vigil.LongWait;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WireTraffic}.
 */
class WireTrafficTests {

	private final WireTraffic traffic = new WireTraffic();

	@Test
	void hasReceivedNothingAtFirst() {
		assertThat(this.traffic.hasReceived()).isFalse();
		assertThat(this.traffic.isAnswerPending()).isFalse();
		assertThat(this.traffic.lastAnswerAt()).isEqualTo(this.traffic.lastReadAt());
		receive();
		assertThat(this.traffic.hasReceived()).isTrue();
	}

	@Test
	void anAnswerIsPendingUntilItIsReadAndCannotBeThereAtOnce() {
		assertThat(this.traffic.reading()).isTrue();
		send();
		assertThat(this.traffic.isAnswerPending()).isTrue();
		assertThat(this.traffic.reading()).isFalse();
		assertThat(this.traffic.isAnswerPending()).isFalse();
		assertThat(this.traffic.reading()).isTrue();
	}

	@Test
	void whatWasReadWasAnAnswerOnceARequestFollows() {
		long opened = this.traffic.lastReadAt();
		send();
		this.traffic.reading();
		long answer = receive();
		assertThat(this.traffic.lastAnswerAt()).isEqualTo(opened);
		send();
		assertThat(this.traffic.lastAnswerAt()).isEqualTo(answer);
		this.traffic.reading();
		receive();
		assertThat(this.traffic.lastAnswerAt()).isEqualTo(answer);
	}

	@Test
	void aRequestInPartsIsOne() {
		send();
		long before = this.traffic.lastAnswerAt();
		receive(); // of which nobody has read anything
		send();
		assertThat(this.traffic.lastAnswerAt()).isEqualTo(before);
	}

	@Test
	void longWaitsAreNoticedByWhoeverWatches() {
		assertThat(this.traffic.waiting(0)).isEqualTo(Readiness.UNLIMITED);
		long after = Duration.ofSeconds(5).toNanos();
		List<LongWait> noticed = new ArrayList<>();
		this.traffic.watch(new Vigil(after, noticed::add));
		assertThat(this.traffic.waiting(0)).isEqualTo(after);
		assertThat(this.traffic.waiting(after)).isEqualTo(Readiness.UNLIMITED);
		assertThat(noticed).singleElement().matches((wait) -> !wait.isOver());
		this.traffic.waited();
		assertThat(noticed).singleElement().matches(LongWait::isOver);
	}

	private void send() {
		this.traffic.sending();
		this.traffic.sent();
	}

	private long receive() {
		long before = this.traffic.lastReadAt();
		do {
			this.traffic.received();
		}
		while (this.traffic.lastReadAt() == before);
		return this.traffic.lastReadAt();
	}

}
