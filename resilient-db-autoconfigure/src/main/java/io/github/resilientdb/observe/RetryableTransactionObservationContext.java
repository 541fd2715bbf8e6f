package io.github.resilientdb.observe;

import io.github.resilientdb.CallName;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a retryable call while it is observed.
 */
public class RetryableTransactionObservationContext extends Observation.Context {

	private final CallName call;

	private final String label;

	private int failedAttempts;

	private boolean waited;

	private @Nullable String outcome;

	/**
	 * Create a context.
	 * @param call names the call
	 * @param label names it for people
	 */
	public RetryableTransactionObservationContext(CallName call, String label) {
		this.call = call;
		this.label = label;
	}

	/**
	 * Return what names the call.
	 * @return the name
	 */
	public CallName getCall() {
		return this.call;
	}

	/**
	 * Return what names the call for people: as the former, or the name of the template's
	 * transaction.
	 * @return the name; there may be many
	 */
	public String getLabel() {
		return this.label;
	}

	/**
	 * Return how many attempts have failed, waits for a connection not counted.
	 * @return the number
	 */
	public int getFailedAttempts() {
		return this.failedAttempts;
	}

	// Waits may be many, and the first one tells it all
	boolean failed(boolean waiting) {
		boolean repeated = waiting && this.waited;
		this.waited |= waiting;
		this.failedAttempts += waiting ? 0 : 1;
		return !repeated;
	}

	/**
	 * Return how the call ended.
	 * @return {@code success}, {@code recovered}, {@code exhausted}, {@code rejected},
	 * {@code unknown}, {@code interrupted} or {@code error}; {@code null} while it runs
	 */
	public @Nullable String getOutcome() {
		return this.outcome;
	}

	void setOutcome(String outcome) {
		this.outcome = outcome;
	}

}
