package io.github.resilientdb.observe;

import java.util.function.Supplier;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Observes each retryable call, with an event for each attempt that failed.
 */
public final class CallObservations implements RetryableCallListener {

	/**
	 * The name of the event. A handler that counts events would count what
	 * {@code resilientdb.transaction.retries} tells better.
	 */
	public static final String ATTEMPT_FAILED = "attempt.failed";

	private static final DefaultRetryableTransactionObservationConvention DEFAULT = new DefaultRetryableTransactionObservationConvention();

	private static final RunningCall UNOBSERVED = new RunningCall() {
	};

	private final SingletonSupplier<Source> source;

	/**
	 * Create observations.
	 * @param source how to observe; looked up with the first call
	 */
	public CallObservations(Supplier<Source> source) {
		this.source = SingletonSupplier.of(source);
	}

	@Override
	public RunningCall callStarting(CallName call, String label) {
		Source source = this.source.obtain();
		if (source.registry() == null) {
			return UNOBSERVED;
		}
		RetryableTransactionObservationContext context = new RetryableTransactionObservationContext(call, label);
		Observation observation = Observation.createNotStarted(source.convention(), DEFAULT, () -> context,
				source.registry());
		if (observation.isNoop()) {
			return UNOBSERVED;
		}
		observation.start();
		return new ObservedCall(observation, observation.openScope(), context);
	}

	/**
	 * How to observe.
	 *
	 * @param registry the registry, {@code null} to observe nothing
	 * @param convention the user's convention, {@code null} for the default
	 */
	public record Source(@Nullable ObservationRegistry registry,
			@Nullable RetryableTransactionObservationConvention convention) {

	}

	private record ObservedCall(Observation observation, Observation.Scope scope,
			RetryableTransactionObservationContext context) implements RunningCall {

		@Override
		public void attemptFailed(FailedAttempt attempt) {
			if (!this.context.failed(attempt.waiting())) {
				return;
			}
			this.observation
				.event(Observation.Event.of(ATTEMPT_FAILED, attempt.waiting() ? "no connection: " + attempt.reason()
						: "attempt %d failed: %s".formatted(attempt.number(), attempt.reason())));
		}

		@Override
		public void returned(boolean recovered) {
			ended(recovered ? "recovered" : "success");
		}

		@Override
		public void failed(String outcome, int attempts, Throwable failure) {
			this.observation.error(failure);
			ended(outcome);
		}

		private void ended(String outcome) {
			this.context.setOutcome(outcome);
			this.scope.close();
			this.observation.stop();
		}

	}

}
