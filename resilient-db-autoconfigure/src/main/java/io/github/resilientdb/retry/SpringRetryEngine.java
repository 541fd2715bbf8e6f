package io.github.resilientdb.retry;

import org.jspecify.annotations.Nullable;

import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryPolicy;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.context.RetryContextSupport;
import org.springframework.retry.support.RetryTemplate;

/**
 * Spring Retry's loop, with policies that only read what the call decided: its own ones
 * stop jittering at the cap, sleep past the limit, and lose the failure on an interrupt.
 */
final class SpringRetryEngine implements RetryEngine {

	private final RetryTemplate template = new RetryTemplate();

	SpringRetryEngine() {
		this.template.setRetryPolicy(new DecisionRetryPolicy());
		this.template.setBackOffPolicy(new DecisionBackOffPolicy());
	}

	@Override
	public @Nullable Object rerun(RetryableCall call, Throwable failure) throws Throwable {
		return this.template.<@Nullable Object, Throwable>execute((context) -> {
			CallContext callContext = (CallContext) context;
			if (callContext.call == null) {
				callContext.call = call;
				throw failure;
			}
			return call.attempt();
		});
	}

	@SuppressWarnings("serial")
	private static final class CallContext extends RetryContextSupport implements BackOffContext {

		private transient @Nullable RetryableCall call;

		CallContext(@Nullable RetryContext parent) {
			super(parent);
		}

		// Only policies and listeners that are not ours would read what the template
		// notes
		@Override
		public void setAttribute(String name, @Nullable Object value) {
		}

	}

	@SuppressWarnings("serial")
	private static final class DecisionRetryPolicy implements RetryPolicy {

		@Override
		public RetryContext open(@Nullable RetryContext parent) {
			return new CallContext(parent);
		}

		@Override
		public boolean canRetry(RetryContext context) {
			RetryableCall call = ((CallContext) context).call;
			return call == null || call.isRerun();
		}

		@Override
		public void registerThrowable(RetryContext context, Throwable throwable) {
			((CallContext) context).registerThrowable(throwable);
		}

		@Override
		public void close(RetryContext context) {
		}

	}

	private static final class DecisionBackOffPolicy implements BackOffPolicy {

		@Override
		public BackOffContext start(RetryContext context) {
			return (CallContext) context;
		}

		@Override
		public void backOff(BackOffContext context) {
			RetryableCall call = ((CallContext) context).call;
			if (call != null) {
				call.backOff();
			}
		}

	}

}
