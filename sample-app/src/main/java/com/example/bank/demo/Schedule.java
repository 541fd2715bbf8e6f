package com.example.bank.demo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import com.example.bank.trial.FaultKind;
import com.example.bank.trial.Trial;

/**
 * What is broken, and when: one thing after the other, with a calm after each.
 */
class Schedule implements Callable<Boolean> {

	/**
	 * How long a call may take on top, much more than the deadline.
	 */
	static final Duration GRACE = Duration.ofMinutes(3);

	private static final List<FaultKind> FAULTS = List.of(FaultKind.COMMIT_REPLY, FaultKind.COMMIT_REQUEST,
			FaultKind.SESSIONS, FaultKind.RESTART, FaultKind.CRASH, FaultKind.SILENCE, FaultKind.COMMIT_REPLY);

	private final Trial trial;

	private final Duration duration;

	private final long start = System.nanoTime();

	/**
	 * Create a schedule that begins now.
	 * @param trial where things are broken
	 * @param duration how long there is load
	 */
	Schedule(Trial trial, Duration duration) {
		this.trial = trial;
		this.duration = duration;
	}

	/**
	 * Break one thing after the other, end the load, and wait for the last answers.
	 * @return whether all calls were answered
	 */
	@Override
	public Boolean call() throws InterruptedException {
		Duration calm = this.duration.dividedBy(30);
		Thread.sleep(2 * calm.toMillis());
		for (FaultKind kind : FAULTS) {
			this.trial.breaker().begin(kind);
			this.trial.breaker().await(kind);
			Thread.sleep(calm.toMillis());
		}
		long left = this.duration.toNanos() - (System.nanoTime() - this.start);
		TimeUnit.NANOSECONDS.sleep(left);
		this.trial.stop();
		return this.trial.awaitIdle(GRACE);
	}

}
