package io.github.resilientdb.retry;

import java.util.function.Function;

import org.springframework.retry.RetryCallback;
import org.springframework.retry.RetryContext;
import org.springframework.retry.context.RetryContextSupport;
import org.springframework.retry.policy.AlwaysRetryPolicy;
import org.springframework.retry.support.RetryTemplate;

/**
 * Repeats attempts with Spring Retry's template. Whether and when is decided before: its
 * own policies stop jittering at the cap, sleep past the limit, and lose the failure on
 * an interrupt.
 */
final class SpringRetryEngine {

	private final RetryTemplate template = new RetryTemplate();

	private SpringRetryEngine() {
		this.template.setRetryPolicy(new AlwaysRetryPolicy());
	}

	/**
	 * Get the engine, which is made when something is to be repeated: its classes need
	 * not be loaded at start-up.
	 */
	static SpringRetryEngine get() {
		return Holder.ENGINE;
	}

	/**
	 * Make further attempts until one returns or is not to be rerun.
	 * @param first the first attempt, which is to be rerun
	 * @param next makes the attempt that comes after a failed one
	 * @return the last attempt
	 */
	AttemptResult repeat(AttemptResult.Failed first, Function<AttemptResult.Failed, AttemptResult> next) {
		Repetition repetition = new Repetition(first, next);
		try {
			return this.template.execute(repetition, (context) -> repetition.last);
		}
		catch (Throwable ex) {
			return AttemptResult.Failed.unjudged(repetition.last.state(), ex);
		}
	}

	private static final class Holder {

		private static final SpringRetryEngine ENGINE = new SpringRetryEngine();

	}

	private static final class Repetition implements RetryCallback<AttemptResult, Throwable> {

		private final Function<AttemptResult.Failed, AttemptResult> next;

		private AttemptResult.Failed last;

		Repetition(AttemptResult.Failed first, Function<AttemptResult.Failed, AttemptResult> next) {
			this.last = first;
			this.next = next;
		}

		@Override
		public AttemptResult doWithRetry(RetryContext context) throws Throwable {
			if (context.getRetryCount() == 0) {
				((RetryContextSupport) context).registerThrowable(this.last.thrown());
			}
			AttemptResult result = next();
			if (result instanceof AttemptResult.Failed failed) {
				this.last = failed;
				if (failed.isToBeRerun()) {
					throw failed.thrown(); // which makes the template go on
				}
			}
			return result;
		}

		private AttemptResult next() {
			try {
				return this.next.apply(this.last);
			}
			catch (Throwable ex) {
				// To the template, whatever is thrown is a reason to go on
				return AttemptResult.Failed.unjudged(this.last.state(), ex);
			}
		}

	}

}
