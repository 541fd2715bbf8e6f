package com.example.bank.show;

import java.time.Duration;
import java.util.List;

import com.example.bank.trial.Breaker;
import com.example.bank.trial.FaultKind;
import com.example.bank.trial.FaultStatus;
import org.jspecify.annotations.Nullable;

/**
 * Breaks everything once, one after the other, for those who only want to look.
 */
class Tour implements AutoCloseable {

	static final List<FaultKind> ORDER = List.of(FaultKind.COMMIT_REPLY, FaultKind.SESSIONS, FaultKind.COMMIT_REQUEST,
			FaultKind.RESTART, FaultKind.CRASH, FaultKind.SILENCE);

	static final Duration CALM = Duration.ofSeconds(3);

	private final Breaker breaker;

	private final Duration calm;

	private @Nullable Thread guide;

	/**
	 * Prepare a tour.
	 * @param breaker what breaks things
	 * @param calm how long nothing is broken before each of them
	 */
	Tour(Breaker breaker, Duration calm) {
		this.breaker = breaker;
		this.calm = calm;
	}

	synchronized void begin() {
		if (this.guide == null) {
			this.guide = new Thread(this::run, "tour");
			this.guide.setDaemon(true);
			this.guide.start();
		}
	}

	private void run() {
		try {
			for (FaultKind kind : ORDER) {
				Thread.sleep(this.calm.toMillis());
				if (isPossible(kind)) {
					this.breaker.begin(kind);
					this.breaker.await(kind);
				}
			}
			end();
		}
		catch (InterruptedException ex) {
			// somebody has taken over
			Thread.currentThread().interrupt();
		}
	}

	private boolean isPossible(FaultKind kind) {
		return this.breaker.status()
			.stream()
			.filter((status) -> status.kind() == kind)
			.map(FaultStatus::unavailable)
			.allMatch((reason) -> reason == null);
	}

	synchronized void end() {
		Thread current = this.guide;
		this.guide = null;
		if (current != null && current != Thread.currentThread()) {
			current.interrupt();
		}
	}

	synchronized boolean isRunning() {
		return this.guide != null;
	}

	@Override
	public void close() {
		end();
	}

}
