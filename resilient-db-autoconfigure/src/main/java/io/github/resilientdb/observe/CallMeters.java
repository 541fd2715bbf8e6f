package io.github.resilientdb.observe;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Meters of retryable calls. The timers are those that an observation of the call makes.
 * Where nothing but meters comes of observations, they are recorded without one: it would
 * cost more than everything else that is done for a call that succeeds.
 */
public final class CallMeters extends DeferredMeters implements RetryableCallListener {

	private static final List<String> OUTCOMES = List.of("success", "recovered", "unknown", "error");

	// Without a reason to rerun there is none to give up
	private static final List<String> OUTCOMES_OF_RERUNS = List.of("exhausted", "rejected", "interrupted");

	private static final String NAME = DefaultRetryableTransactionObservationConvention.NAME;

	private final Set<CallName> known = ConcurrentHashMap.newKeySet();

	private final Map<CallName, OfCall> calls = new ConcurrentHashMap<>();

	private final Set<String> reasons;

	private final Predicate<CallName> isRerun;

	private final SingletonSupplier<CallTimings> timings;

	/**
	 * Create meters.
	 * @param reasons what is rerun; nothing else can be counted
	 * @param isRerun whether a call may have a second attempt
	 * @param timings who times calls; asked with the first call, or when there is a
	 * registry
	 */
	public CallMeters(Set<String> reasons, Predicate<CallName> isRerun, Supplier<CallTimings> timings) {
		this.reasons = Set.copyOf(reasons);
		this.isRerun = isRerun;
		this.timings = SingletonSupplier.of(timings);
	}

	@Override
	void bound() {
		this.calls.clear();
		this.known.forEach(this::register);
	}

	@Override
	public void callKnown(CallName call) {
		if (this.known.add(call)) {
			register(call);
		}
	}

	private void register(CallName call) {
		MeterRegistry registry = registry();
		if (registry == null) {
			return;
		}
		if (this.isRerun.test(call)) {
			this.reasons.forEach((reason) -> retries(registry, call, reason));
		}
		zero(registry, call, OUTCOMES);
		if (!this.reasons.isEmpty()) {
			zero(registry, call, OUTCOMES_OF_RERUNS);
		}
	}

	private void zero(MeterRegistry registry, CallName call, List<String> outcomes) {
		CallTimings timings = this.timings.obtain();
		if (timings.byMeters()) {
			outcomes.forEach((outcome) -> timer(registry, call, outcome, error(outcome)));
			of(call, registry);
		}
		else {
			outcomes.forEach((outcome) -> timings.zero(registry, call, outcome, error(outcome)));
		}
	}

	/**
	 * Return the exception that is most common with an outcome. With an unknown one it is
	 * always the same.
	 */
	private static String error(String outcome) {
		return switch (outcome) {
			case "exhausted", "interrupted" -> "CannotCreateTransactionException";
			case "rejected" -> "DataAccessResourceFailureException";
			case "unknown" -> "TransactionOutcomeUnknownException";
			case "error" -> "DataIntegrityViolationException";
			default -> "none";
		};
	}

	private OfCall of(CallName call, MeterRegistry registry) {
		OfCall present = this.calls.get(call);
		return (present != null) ? present : this.calls.computeIfAbsent(call, (name) -> create(name, registry));
	}

	private OfCall create(CallName call, MeterRegistry registry) {
		LongTaskTimer active = this.timings.obtain().active()
				? LongTaskTimer.builder(NAME + ".active").tags(tags(call)).register(registry) : null;
		return new OfCall(timer(registry, call, "success", "none"), active);
	}

	private static Timer timer(MeterRegistry registry, CallName call, String outcome, String error) {
		return Timer.builder(NAME).tags(tags(call).and("outcome", outcome, "error", error)).register(registry);
	}

	private static Counter retries(MeterRegistry registry, CallName call, String kind) {
		return Counter.builder(NAME + ".retries")
			.description("Reruns of retryable calls")
			.tags(tags(call).and("reason", kind))
			.register(registry);
	}

	private static Tags tags(CallName call) {
		return Tags.of("class", call.type(), "method", call.method());
	}

	@Override
	public RunningCall callStarting(CallName call, String label) {
		return this.timings.obtain().byMeters() ? new TimedCall(call) : new CountedCall(call);
	}

	private record OfCall(Timer success, @Nullable LongTaskTimer active) {

	}

	private class CountedCall implements RunningCall {

		final CallName call;

		CountedCall(CallName call) {
			this.call = call;
		}

		@Override
		public void rerunning(FailedAttempt attempt) {
			if (!attempt.waiting()) {
				record((registry) -> retries(registry, this.call, attempt.kind()).increment());
			}
		}

	}

	private final class TimedCall extends CountedCall {

		private final @Nullable OfCall meters;

		private final LongTaskTimer.@Nullable Sample active;

		private final long start;

		TimedCall(CallName call) {
			super(call);
			MeterRegistry registry = registry();
			this.meters = (registry != null) ? of(call, registry) : null;
			LongTaskTimer timer = (this.meters != null) ? this.meters.active() : null;
			this.active = (timer != null) ? timer.start() : null;
			this.start = System.nanoTime();
		}

		@Override
		public void returned(boolean recovered) {
			long took = System.nanoTime() - this.start;
			if (!recovered && this.meters != null) {
				this.meters.success().record(took, TimeUnit.NANOSECONDS);
				stop();
			}
			else {
				ended(recovered ? "recovered" : "success", "none", took);
			}
		}

		@Override
		public void failed(String outcome, int attempts, Throwable failure) {
			ended(outcome, failure.getClass().getSimpleName(), System.nanoTime() - this.start);
		}

		private void ended(String outcome, String error, long took) {
			record((registry) -> timer(registry, this.call, outcome, error).record(took, TimeUnit.NANOSECONDS));
			stop();
		}

		private void stop() {
			if (this.active != null) {
				this.active.stop();
			}
		}

	}

}
