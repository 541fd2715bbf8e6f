package io.github.resilientdb.test;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends a call that takes too long, and interrupts nothing that its thread does after it.
 */
final class CallGuard {

	private final Thread caller = Thread.currentThread();

	private final Runnable rescue;

	private final ScheduledFuture<?> alarm;

	private State state = State.UNDER_WAY;

	private CallGuard(ScheduledExecutorService timer, Duration within, Runnable rescue) {
		this.rescue = rescue;
		this.alarm = timer.schedule(this::ring, within.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Guard a call that this thread is about to begin.
	 * @param timer rings
	 * @param within how long the call may take
	 * @param rescue gets it out of where it can't be interrupted
	 * @return the guard
	 */
	static CallGuard begin(ScheduledExecutorService timer, Duration within, Runnable rescue) {
		return new CallGuard(timer, within, rescue);
	}

	private synchronized void ring() {
		if (this.state == State.UNDER_WAY) {
			this.state = State.HUNG;
			this.rescue.run();
			this.caller.interrupt();
		}
	}

	/**
	 * The call is over: nothing of it may interrupt what comes next.
	 * @return whether it took too long
	 */
	synchronized boolean end() {
		this.alarm.cancel(false);
		boolean hung = this.state == State.HUNG;
		this.state = State.OVER;
		Thread.interrupted();
		return hung;
	}

	private enum State {

		UNDER_WAY, HUNG, OVER

	}

}
