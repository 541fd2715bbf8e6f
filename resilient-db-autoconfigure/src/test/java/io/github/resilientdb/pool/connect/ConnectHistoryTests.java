package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectHistoryTests {

	private final AtomicLong now = new AtomicLong(1000);

	private final ConnectHistory history = new ConnectHistory(this.now::get);

	@Test
	void knowsNothingAtFirst() {
		assertThat(this.history.last()).isNull();
		assertThat(this.history.failure()).isNull();
		assertThat(this.history.longestUnderWay()).isZero();
	}

	@Test
	void keepsWhatCameOfTheLastAttempt() {
		SQLException failure = new SQLException("no", "08001");
		Long first = this.history.began();
		Long second = after(10);
		this.history.failed(first, failure);
		assertThat(this.history.failure()).isSameAs(failure);
		this.history.succeeded(second);
		assertThat(this.history.failure()).isNull();
		assertThat(this.history.last()).isEqualTo(new ConnectAttempt(1010, 1010, null));
	}

	@Test
	void tellsHowLongTheOldestHasBeenUnderWay() {
		Long first = this.history.began();
		Long second = after(10);
		this.now.addAndGet(5);
		assertThat(this.history.longestUnderWay()).isEqualTo(15);
		this.history.left(first);
		assertThat(this.history.longestUnderWay()).isEqualTo(5);
		this.history.left(second);
		assertThat(this.history.longestUnderWay()).isZero();
	}

	@Test
	void takesARefusalForAnAnswer() {
		assertThat(new ConnectAttempt(0, 1, null).isAnswered()).isTrue();
		assertThat(new ConnectAttempt(0, 1, new SQLException("no", "53300")).isAnswered()).isTrue();
		assertThat(new ConnectAttempt(0, 1, new SQLException("no", "08001")).isAnswered()).isFalse();
		assertThat(new ConnectAttempt(0, 1, new SQLException("no")).isAnswered()).isFalse();
		assertThat(new ConnectAttempt(0, 1, new IllegalStateException()).isAnswered()).isFalse();
	}

	private Long after(long pause) {
		this.now.addAndGet(pause);
		return this.history.began();
	}

}
