package com.example.bank.show;

import java.time.Duration;
import java.util.List;

import com.example.bank.trial.FaultKind;
import com.example.bank.trial.FaultStatus;
import com.example.bank.trial.Trial;
import org.jspecify.annotations.Nullable;

/**
 * Breaks everything once, one after the other, for those who only want to look.
 */
class Tour implements AutoCloseable {

	private static final List<FaultKind> ORDER = List.of(FaultKind.COMMIT_REPLY, FaultKind.SESSIONS,
			FaultKind.COMMIT_REQUEST, FaultKind.RESTART, FaultKind.CRASH, FaultKind.SILENCE);

	private static final Duration CALM = Duration.ofSeconds(3);

	private final Trial trial;

	private @Nullable Thread guide;

	Tour(Trial trial) {
		this.trial = trial;
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
				Thread.sleep(CALM.toMillis());
				if (isPossible(kind)) {
					this.trial.breaker().begin(kind);
					this.trial.breaker().await(kind);
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
		return this.trial.breaker()
			.status()
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
