package io.github.resilientdb.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryableCallListeners}.
 */
class RetryableCallListenersTests {

	private final List<String> told = new ArrayList<>();

	@Test
	void startsInOrderAndReportsInReverse() {
		RunningCall call = starting(new Recording("first"), new Recording("second"));
		RetryableCallListener.FailedAttempt attempt = new RetryableCallListener.FailedAttempt(1, false, "disconnect",
				"eof", true, Duration.ZERO, new IllegalStateException());
		call.attemptFailed(attempt);
		call.rerunning(attempt);
		call.returned(true);
		assertThat(this.told).containsExactly("first starting", "second starting", "second attempt failed",
				"first attempt failed", "second rerunning", "first rerunning", "second returned true",
				"first returned true");
	}

	@Test
	void reportsHowACallFailed() {
		starting(new Recording("only")).failed("exhausted", 5, new IllegalStateException());
		assertThat(this.told).containsExactly("only starting", "only exhausted after 5");
	}

	@Test
	void goesOnWithoutAListenerThatFails() {
		RunningCall call = starting((name, label) -> {
			throw new IllegalStateException("a listener that fails at once");
		}, (name, label) -> new RunningCall() {
			@Override
			public void returned(boolean recovered) {
				throw new LinkageError("a listener that fails later");
			}
		}, new Recording("sound"));
		call.returned(false);
		assertThat(this.told).containsExactly("sound starting", "sound returned false");
	}

	@Test
	void hasNothingToReportWithoutListeners() {
		starting().returned(false);
		assertThat(this.told).isEmpty();
	}

	private RunningCall starting(RetryableCallListener... listeners) {
		return new RetryableCallListeners(List.of(listeners)).starting(CallName.TEMPLATE, "transfer");
	}

	private final class Recording implements RetryableCallListener, RunningCall {

		private final String name;

		Recording(String name) {
			this.name = name;
		}

		@Override
		public RunningCall callStarting(CallName call, String label) {
			add("starting");
			return this;
		}

		@Override
		public void attemptFailed(FailedAttempt attempt) {
			add("attempt failed");
		}

		@Override
		public void rerunning(FailedAttempt attempt) {
			add("rerunning");
		}

		@Override
		public void returned(boolean recovered) {
			add("returned " + recovered);
		}

		@Override
		public void failed(String outcome, int attempts, Throwable failure) {
			add(outcome + " after " + attempts);
		}

		private void add(String message) {
			RetryableCallListenersTests.this.told.add(this.name + " " + message);
		}

	}

}
