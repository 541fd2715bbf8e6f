package io.github.resilientdb.attempt;

import io.github.resilientdb.FailureVerdict;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one transaction, by its connection and by the transaction manager's
 * listeners. Confined to its thread.
 */
public final class TransactionRecord {

	static final TransactionRecord NONE = new TransactionRecord(null, null, false, null, null);

	private final @Nullable Object execution;

	private final @Nullable String name;

	private final boolean readOnly;

	private final @Nullable TransactionRecord enclosing;

	private final @Nullable TransactionRecord previous;

	private TransactionFailures failures = TransactionFailures.NONE;

	private TransactionOutcome outcome = TransactionOutcome.NOT_BEGUN;

	private @Nullable Object connection;

	private TransactionPhase phase;

	private boolean ended;

	/**
	 * Create one.
	 * @param execution what stands for the transaction, {@code null} if no transaction
	 * manager began it
	 * @param name its name, if it has one
	 * @param readOnly whether it only reads
	 * @param enclosing the one that is suspended meanwhile
	 * @param previous the one before it, beside which it stands
	 */
	TransactionRecord(@Nullable Object execution, @Nullable String name, boolean readOnly,
			@Nullable TransactionRecord enclosing, @Nullable TransactionRecord previous) {
		this.execution = execution;
		this.name = name;
		this.readOnly = readOnly;
		this.enclosing = enclosing;
		this.previous = previous;
		this.phase = (execution != null) ? TransactionPhase.ANNOUNCED : TransactionPhase.UNMANAGED;
	}

	@Nullable String name() {
		return this.name;
	}

	@Nullable TransactionRecord enclosing() {
		return this.enclosing;
	}

	@Nullable TransactionRecord previous() {
		return this.previous;
	}

	boolean isOf(Object execution) {
		return this.execution == execution;
	}

	boolean isOn(Object connection) {
		return this.connection == connection;
	}

	boolean hasConnection() {
		return this.connection != null;
	}

	boolean hasEnded() {
		return this.ended;
	}

	// what the listeners saw

	void begun() {
		this.phase = this.phase.reach(TransactionPhase.BEGUN);
	}

	void notBegun() {
		this.ended = true;
	}

	void committing() {
		this.phase = this.phase.reach(TransactionPhase.COMMITTING);
	}

	void rollingBack() {
		this.phase = this.phase.reach(TransactionPhase.ROLLING_BACK);
	}

	/**
	 * It is over. A connection knows better how, except that what Spring announced as
	 * committed must not be rerun.
	 */
	void ended(TransactionOutcome outcome) {
		if (this.connection == null || outcome == TransactionOutcome.COMMITTED) {
			this.outcome = outcome;
		}
		this.ended = true;
	}

	// what the connection saw

	void beganOn(Object connection) {
		if (this.connection == null) {
			this.connection = connection;
			this.outcome = TransactionOutcome.ACTIVE;
		}
	}

	void endedOnConnection(TransactionOutcome outcome) {
		if (this.outcome != TransactionOutcome.COMMITTED) {
			this.outcome = outcome;
		}
		this.ended = this.phase == TransactionPhase.UNMANAGED && outcome != TransactionOutcome.UNKNOWN;
	}

	void connectionLost(Throwable failure) {
		if (this.phase != TransactionPhase.ROLLING_BACK && !this.ended) {
			this.failures = this.failures.withLoss(failure);
		}
	}

	void failed(Throwable failure, FailureVerdict verdict) {
		if (this.phase != TransactionPhase.ROLLING_BACK) {
			this.failures = this.failures.with(failure, verdict);
		}
	}

	void rolledBackToSavepoint() {
		this.failures = this.failures.afterRollbackToSavepoint();
	}

	// what is known

	/**
	 * Return whether anything was seen of it, if only that it could not begin. Otherwise
	 * it may have been anything: its transaction manager has no listeners, and its
	 * connection was none of ours.
	 * @return whether {@link #outcome()} is known
	 */
	public boolean isObserved() {
		return this != NONE;
	}

	/**
	 * Return what became of it.
	 * @return the outcome
	 */
	public TransactionOutcome outcome() {
		return isEndUntold() ? TransactionOutcome.UNKNOWN : this.outcome;
	}

	/**
	 * Return whether it was being committed when it ended.
	 * @return whether a commit had been asked for
	 */
	public boolean isCommitting() {
		return this.phase == TransactionPhase.COMMITTING;
	}

	/**
	 * Return whether a guarded connection took part, so that {@link #outcome()} is what
	 * it saw.
	 * @return whether the outcome is a connection's own
	 */
	public boolean isGuarded() {
		return this.connection != null && !isEndUntold();
	}

	/**
	 * Return the first telling failure that a connection saw in it.
	 * @return the failure as the driver threw it, or {@code null}
	 */
	public @Nullable Throwable failure() {
		return this.failures.failure();
	}

	/**
	 * Return what {@link #failure()} means.
	 * @return the verdict, or {@code null} if there was no failure
	 */
	public @Nullable FailureVerdict verdict() {
		return this.failures.verdict();
	}

	/**
	 * Return how its connection was lost, unless it was committed, or was being rolled
	 * back already. Whatever became of the failure on its way, the attempt must not count
	 * as a success then: it may have taken what it could not read for missing.
	 * @return the failure as the driver threw it, or {@code null}
	 */
	public @Nullable Throwable loss() {
		return (outcome() != TransactionOutcome.COMMITTED) ? this.failures.loss() : null;
	}

	/**
	 * Return whether it has, or may have, changed something for good, so that a rerun
	 * would do it again.
	 */
	boolean mayBeRepeated() {
		TransactionOutcome outcome = outcome();
		return !this.readOnly && (outcome == TransactionOutcome.COMMITTED || outcome == TransactionOutcome.UNKNOWN);
	}

	boolean isWorseThan(TransactionRecord other) {
		return other == NONE || outcome().isWorseThan(other.outcome());
	}

	/**
	 * Return whether its end was never reported, as after a callback before the commit
	 * threw a TransactionException: Spring neither commits, nor rolls back, nor tells its
	 * listeners, and its clean-up then commits by switching auto-commit on.
	 */
	private boolean isEndUntold() {
		return this.phase.hasBegun() && !this.ended
				&& (this.connection == null || this.outcome == TransactionOutcome.ACTIVE);
	}

}
