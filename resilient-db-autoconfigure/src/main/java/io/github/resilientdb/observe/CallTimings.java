package io.github.resilientdb.observe;

import io.github.resilientdb.CallName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import org.jspecify.annotations.Nullable;

/**
 * Who times retryable calls.
 */
public final class CallTimings {

	private final boolean byMeters;

	private final boolean active;

	private final @Nullable ZeroObservations observations;

	private CallTimings(boolean byMeters, boolean active, @Nullable ZeroObservations observations) {
		this.byMeters = byMeters;
		this.active = active;
		this.observations = observations;
	}

	/**
	 * Nobody.
	 * @return the choice
	 */
	public static CallTimings none() {
		return new CallTimings(false, false, null);
	}

	/**
	 * {@link CallMeters} itself.
	 * @param active whether calls that go on are timed too
	 * @return the choice
	 */
	public static CallTimings meters(boolean active) {
		return new CallTimings(true, active, null);
	}

	/**
	 * {@link CallObservations}, or rather a handler of observations.
	 * @param observations makes observations as they would be
	 * @return the choice
	 */
	public static CallTimings observations(ZeroObservations observations) {
		return new CallTimings(false, false, observations);
	}

	boolean byMeters() {
		return this.byMeters;
	}

	boolean active() {
		return this.active;
	}

	void zero(MeterRegistry registry, CallName call, String outcome, String error) {
		if (this.observations == null) {
			return;
		}
		RetryableTransactionObservationContext context = new RetryableTransactionObservationContext(call,
				call.toString());
		context.setOutcome(outcome);
		Observation.Context completed = this.observations.complete(context);
		String name = completed.getName();
		if (name != null) {
			Tags tags = Tags.of("error", error);
			for (var keyValue : completed.getLowCardinalityKeyValues()) {
				tags = tags.and(keyValue.getKey(), keyValue.getValue());
			}
			Timer.builder(name).tags(tags).register(registry);
		}
	}

	/**
	 * Gives a context the name and key values that an observation would have.
	 */
	@FunctionalInterface
	public interface ZeroObservations {

		/**
		 * Complete a context.
		 * @param context the context
		 * @return the same or another one, as filters left it
		 */
		Observation.Context complete(RetryableTransactionObservationContext context);

		/**
		 * Give a context what a convention says.
		 * @param context the context
		 * @param convention the convention
		 */
		static void apply(RetryableTransactionObservationContext context,
				ObservationConvention<RetryableTransactionObservationContext> convention) {
			String name = convention.getName();
			context.setName((name != null) ? name : DefaultRetryableTransactionObservationConvention.NAME);
			context.addLowCardinalityKeyValues(convention.getLowCardinalityKeyValues(context));
		}

	}

}
