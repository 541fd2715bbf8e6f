package com.example.bank.trial;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CallBookTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final CallBook book = new CallBook();

	private final UUID id = UUID.randomUUID();

	@Test
	void answerAfterTheSnapshotIsNotComparedWithIt() {
		Call call = this.book.begin(this.id, 5, 0);
		this.book.end(call, Answer.DONE, 2 * SECOND);
		Tally before = this.book.compare(this.book.open(), Map.of(), SECOND);
		assertThat(before).isEqualTo(Tally.NONE);
		Tally after = this.book.compare(this.book.open(), Map.of(), 2 * SECOND);
		assertThat(after.lost()).isOne();
	}

	@Test
	void whatArrivesLateIsSeen() {
		Call call = this.book.begin(this.id, 5, 0);
		this.book.end(call, Answer.FAILED, SECOND);
		assertThat(this.book.compare(this.book.open(), Map.of(), 2 * SECOND).failedYetBooked()).isZero();
		assertThat(this.book.compare(this.book.open(), Map.of(this.id, 1), 3 * SECOND).failedYetBooked()).isOne();
	}

	@Test
	void callThatIsLongOverIsCountedAndForgotten() {
		Call call = this.book.begin(this.id, 5, 0);
		this.book.end(call, Answer.DONE, SECOND);
		Tally first = this.book.compare(this.book.open(), Map.of(this.id, 2), 10 * SECOND);
		assertThat(this.book.open()).isEmpty();
		Tally second = this.book.compare(this.book.open(), Map.of(), 11 * SECOND);
		assertThat(second).isEqualTo(first).returns(1L, Tally::calls).returns(1L, Tally::bookedTwice);
	}

	@Test
	void knowsTheLongestWait() {
		assertThat(this.book.longestWait(SECOND)).isZero();
		this.book.begin(this.id, 5, SECOND);
		this.book.begin(UUID.randomUUID(), 5, 2 * SECOND);
		assertThat(this.book.longestWait(4 * SECOND)).isEqualTo(Duration.ofSeconds(3));
	}

}
