package io.github.resilientdb.pool;

import java.sql.SQLException;

import io.github.resilientdb.pool.Waiters.Waiter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

// An interrupt is confined to its thread
@Timeout(value = 30, threadMode = ThreadMode.SAME_THREAD)
class WaitersTests {

	private static final SQLException CLOSING = new SQLException("closing");

	private final Waiters waiters = new Waiters();

	@AfterEach
	void clear() {
		Thread.interrupted();
	}

	@Test
	void whoIsDismissedIsInterruptedAndLearnsWhy() {
		Waiter waiter = this.waiters.enter();
		this.waiters.dismiss(CLOSING);
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		assertThat((Throwable) waiter.leave()).isSameAs(CLOSING);
		assertThat(Thread.currentThread().isInterrupted()).as("taken back").isFalse();
	}

	@Test
	void whoHasLeftIsNotInterrupted() {
		Waiter waiter = this.waiters.enter();
		assertThat((Throwable) waiter.leave()).isNull();
		this.waiters.dismiss(CLOSING);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void anInterruptOfSomebodyElseIsNotTakenBack() {
		Waiter waiter = this.waiters.enter();
		Thread.currentThread().interrupt();
		assertThat((Throwable) waiter.leave()).isNull();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void leavingTwiceTakesNothingBackTheSecondTime() {
		Waiter waiter = this.waiters.enter();
		this.waiters.dismiss(CLOSING);
		waiter.leave();
		Thread.currentThread().interrupt();
		assertThat((Throwable) waiter.leave()).isSameAs(CLOSING);
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void theFirstReasonCounts() {
		Waiter waiter = this.waiters.enter();
		this.waiters.dismiss(CLOSING);
		this.waiters.dismiss(new SQLException("another"));
		assertThat((Throwable) waiter.leave()).isSameAs(CLOSING);
	}

}
