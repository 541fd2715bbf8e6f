package io.github.resilientdb.retry;

import java.util.List;
import java.util.function.Consumer;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import io.github.resilientdb.SafeListeners;

/**
 * All listeners of calls. What one throws is logged and changes nothing.
 */
final class RetryableCallListeners {

	private static final RunningCall NONE = new RunningCall() {
	};

	private final RetryableCallListener[] listeners;

	RetryableCallListeners(List<RetryableCallListener> listeners) {
		this.listeners = listeners.toArray(RetryableCallListener[]::new);
	}

	RunningCall starting(CallName call, String label) {
		if (this.listeners.length == 0) {
			return NONE;
		}
		RunningCall[] calls = new RunningCall[this.listeners.length];
		for (int i = 0; i < calls.length; i++) {
			calls[i] = starting(this.listeners[i], call, label);
		}
		return new RunningCalls(calls);
	}

	private static RunningCall starting(RetryableCallListener listener, CallName call, String label) {
		try {
			return listener.callStarting(call, label);
		}
		catch (Throwable ex) {
			SafeListeners.passOver(listener, ex);
			return NONE;
		}
	}

	private record RunningCalls(RunningCall[] calls) implements RunningCall {

		@Override
		public void attemptFailed(RetryableCallListener.FailedAttempt attempt) {
			tell((call) -> call.attemptFailed(attempt));
		}

		@Override
		public void rerunning(RetryableCallListener.FailedAttempt attempt) {
			tell((call) -> call.rerunning(attempt));
		}

		@Override
		public void returned(boolean recovered) {
			tell(recovered ? (call) -> call.returned(true) : (call) -> call.returned(false));
		}

		@Override
		public void failed(String outcome, int attempts, Throwable failure) {
			tell((call) -> call.failed(outcome, attempts, failure));
		}

		private void tell(Consumer<RunningCall> message) {
			// in reverse order: what they opened when the call started is nested
			for (int i = this.calls.length - 1; i >= 0; i--) {
				SafeListeners.tell(this.calls[i], message);
			}
		}

	}

}
