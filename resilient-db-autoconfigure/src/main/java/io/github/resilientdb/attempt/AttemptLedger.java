package io.github.resilientdb.attempt;

import java.util.Map;

import io.github.resilientdb.FailureVerdict;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one thread saw of the transactions of one attempt. The
 * connections and the transaction listeners write it, the decision about a rerun reads
 * it.
 * <p>
 * The attempt's own transaction is the outermost one that bears the expected name;
 * without a name, or where nothing bears it, it is the worst of all outermost ones (an
 * aspect may have run one before). Those that begin within another (as with
 * {@code REQUIRES_NEW}) are inner ones, which stand by themselves. Ledgers stack: an
 * inner retryable call has its own.
 * <p>
 * Confined to its thread.
 */
public final class AttemptLedger implements AutoCloseable {

	private static final ThreadLocal<@Nullable AttemptLedger> CURRENT = new ThreadLocal<>();

	private static final TransactionRecord NONE = new TransactionRecord(null, null, null, null);

	private final @Nullable AttemptLedger outer;

	private final long deadline;

	private final @Nullable String name;

	// the innermost transaction that is active now, linked to those around it
	private @Nullable TransactionRecord active;

	// the outermost transaction that began last, linked to earlier ones
	private @Nullable TransactionRecord outermost;

	private final IndependentWork independent = new IndependentWork();

	private boolean connectionLost;

	// of earlier attempts
	private final @Nullable AbandonedBackend inherited;

	// of this one too
	private @Nullable AbandonedBackend abandoned;

	private @Nullable Throwable endedLockWait;

	private AttemptLedger(@Nullable AttemptLedger outer, long deadline, @Nullable String name,
			@Nullable AbandonedBackend inherited) {
		this.outer = outer;
		this.deadline = deadline;
		this.name = name;
		this.inherited = inherited;
		this.abandoned = inherited;
	}

	/**
	 * Open the ledger of an attempt on the current thread. Close it on the same thread.
	 * @param deadline the deadline of the call, as a value of {@link System#nanoTime()}
	 * @return the ledger
	 */
	public static AttemptLedger open(long deadline) {
		return open(deadline, null, null);
	}

	/**
	 * Open the ledger of a first attempt on the current thread. Close it on the same
	 * thread.
	 * @param deadline the deadline of the call, as a value of {@link System#nanoTime()}
	 * @param name the name that the attempt's own transaction is going to have,
	 * {@code null} if it is the only outermost one
	 * @return the ledger
	 */
	public static AttemptLedger open(long deadline, @Nullable String name) {
		return open(deadline, name, null);
	}

	/**
	 * Open the ledger of an attempt on the current thread. Close it on the same thread.
	 * @param deadline the deadline of the call, as a value of {@link System#nanoTime()}
	 * @param name the name that the attempt's own transaction is going to have,
	 * {@code null} if it is the only outermost one
	 * @param abandoned what {@link #abandoned()} was at the end of the attempt before,
	 * {@code null} if this is the first
	 * @return the ledger
	 */
	public static AttemptLedger open(long deadline, @Nullable String name, @Nullable AbandonedBackend abandoned) {
		AttemptLedger outer = CURRENT.get();
		long bound = ((outer != null) && (outer.deadline - deadline < 0)) ? outer.deadline : deadline;
		AbandonedBackend inherited = (abandoned == null && outer != null) ? outer.abandoned : abandoned;
		AttemptLedger ledger = new AttemptLedger(outer, bound, name, inherited);
		CURRENT.set(ledger);
		return ledger;
	}

	/**
	 * Return the ledger of the attempt that the current thread is in.
	 * @return the innermost ledger, or {@code null} outside of retryable calls
	 */
	public static @Nullable AttemptLedger current() {
		return CURRENT.get();
	}

	/**
	 * Close the ledger and return to the outer one.
	 */
	@Override
	public void close() {
		if (this.outer == null) {
			CURRENT.set(null); // cheaper than to remove the entry and to make it again
			return;
		}
		TransactionRecord own = own();
		if (own.isWorkCommitted()) {
			this.outer.independent.add(own.name);
		}
		independentWork().forEach(this.outer.independent::add);
		this.outer.abandoned = this.abandoned;
		if (this.endedLockWait != null) {
			this.outer.endedLockWait = this.endedLockWait;
		}
		CURRENT.set(this.outer);
	}

	/**
	 * Return whether a transaction that is about to begin is the attempt's own.
	 * @param name the name of the transaction
	 * @return whether it is the outermost one, and bears the expected name if there is
	 * one
	 */
	public boolean expects(String name) {
		return this.active == null && (this.name == null || this.name.equals(name));
	}

	/**
	 * Return until when the call may wait for anything.
	 * @return a value of {@link System#nanoTime()}
	 */
	public long deadline() {
		return this.deadline;
	}

	// what the transaction listeners tell

	/**
	 * A transaction is about to begin.
	 * @param execution what stands for the transaction
	 * @param name the name of the transaction
	 * @param readOnly whether the transaction only reads
	 */
	public void transactionBeginning(Object execution, String name, boolean readOnly) {
		boolean isOutermost = this.active == null;
		TransactionRecord record = new TransactionRecord(execution, name, this.active,
				isOutermost ? this.outermost : null);
		record.readOnly = readOnly;
		if (isOutermost) {
			this.outermost = record;
		}
		this.active = record;
	}

	/**
	 * The transaction that was about to begin has begun.
	 * @param execution what stands for the transaction
	 */
	public void transactionBegun(Object execution) {
		TransactionRecord record = activeOf(execution);
		if (record != null) {
			record.begun = true;
		}
	}

	/**
	 * The transaction that was about to begin has not begun.
	 * @param execution what stands for the transaction
	 */
	public void transactionNotBegun(Object execution) {
		TransactionRecord record = activeOf(execution);
		if (record != null) {
			record.ended = true;
			this.active = record.enclosing;
		}
	}

	/**
	 * A transaction is about to be committed.
	 * @param execution what stands for the transaction
	 */
	public void transactionCommitting(Object execution) {
		TransactionRecord record = activeOf(execution);
		if (record != null) {
			record.committing = true;
		}
	}

	/**
	 * A transaction is about to be rolled back. A connection that is found dead then is
	 * not why it failed.
	 * @param execution what stands for the transaction
	 */
	public void transactionRollingBack(Object execution) {
		TransactionRecord record = activeOf(execution);
		if (record != null) {
			record.rollingBack = true;
		}
	}

	/**
	 * A transaction is over.
	 * @param execution what stands for the transaction
	 * @param outcome what the transaction manager made of it
	 */
	public void transactionEnded(Object execution, TransactionOutcome outcome) {
		TransactionRecord record = activeOf(execution);
		if (record == null) {
			return;
		}
		// A connection knows better, except that what Spring announced as committed must
		// not be rerun
		if (record.connection == null || outcome == TransactionOutcome.COMMITTED) {
			record.outcome = outcome;
		}
		record.ended = true;
		if (record.enclosing != null && record.isWorkCommitted()) {
			this.independent.add(record.name);
		}
		this.active = record.enclosing;
	}

	// what the connections tell

	/**
	 * A connection begins a transaction.
	 * @param connection the connection
	 */
	public void began(Object connection) {
		if (activeOn(connection) != null) {
			return;
		}
		TransactionRecord record = this.active;
		if (record == null) {
			record = new TransactionRecord(null, null, null, this.outermost);
			this.outermost = record;
		}
		if (record.connection == null) {
			record.connection = connection;
			record.outcome = TransactionOutcome.ACTIVE;
		}
	}

	/**
	 * A connection knows how its transaction ended.
	 * @param connection the connection
	 * @param outcome the outcome
	 */
	public void ended(Object connection, TransactionOutcome outcome) {
		TransactionRecord record = activeOn(connection);
		if (record == null) {
			if (outcome == TransactionOutcome.COMMITTED && !isKnown(connection)) {
				this.independent.add(IndependentWork.UNMANAGED);
			}
			return;
		}
		if (record.outcome != TransactionOutcome.COMMITTED) {
			record.outcome = outcome;
		}
		record.ended = record.execution == null && outcome != TransactionOutcome.UNKNOWN;
	}

	/**
	 * A connection has executed a statement outside of any transaction.
	 */
	public void autoCommitted() {
		this.independent.add(IndependentWork.AUTO_COMMIT);
	}

	/**
	 * A connection saw a failure.
	 * @param connection the connection
	 * @param failure the failure as the driver threw it
	 * @param verdict what it means
	 */
	public void failed(Object connection, Throwable failure, FailureVerdict verdict) {
		TransactionRecord record = activeOn(connection);
		if (record != null && verdict.kind() == FailureVerdict.Kind.DISCONNECT) {
			record.connectionLost(failure);
		}
		if (record == null && this.active != null && this.active.connection == null) {
			// Lost on the way to its begin
			record = this.active;
		}
		failed(record, failure, verdict);
	}

	/**
	 * A failure was seen before there was a connection.
	 * @param failure the failure as the driver threw it
	 * @param verdict what it means
	 */
	public void failed(Throwable failure, FailureVerdict verdict) {
		failed(this.active, failure, verdict);
	}

	/**
	 * A connection went back to a savepoint. What the server had refused since then is
	 * dealt with; a loss is not.
	 * @param connection the connection
	 */
	public void rolledBackToSavepoint(Object connection) {
		TransactionRecord record = activeOn(connection);
		if (record != null && record.verdict != null && record.verdict.kind() != FailureVerdict.Kind.DISCONNECT) {
			record.failure = null;
			record.verdict = null;
		}
		this.endedLockWait = null;
	}

	/**
	 * A connection was lost within a transaction, and the server's side of it may still
	 * be there.
	 * @return what stands for that
	 */
	public AbandonedBackend backendAbandoned() {
		AbandonedBackend earlier = this.abandoned;
		AbandonedBackend backend = new AbandonedBackend((earlier != null && !earlier.isGone()) ? earlier : null);
		this.abandoned = backend;
		return backend;
	}

	/**
	 * Return whether this attempt may meet locks that an earlier one has left behind, so
	 * that no wait for one may last beyond the deadline.
	 * @return whether a backend was abandoned and isn't known to be gone
	 */
	public boolean mustLimitLockWaits() {
		return this.inherited != null && !this.inherited.isGone();
	}

	/**
	 * A statement has waited for a lock until the deadline.
	 * @param failure the failure as the driver threw it
	 */
	public void lockWaitEnded(Throwable failure) {
		this.endedLockWait = failure;
	}

	private void failed(@Nullable TransactionRecord record, Throwable failure, FailureVerdict verdict) {
		if (verdict.kind() == FailureVerdict.Kind.DISCONNECT) {
			this.connectionLost = true;
		}
		if (record != null && record.lacks(verdict)) {
			record.failure = failure;
			record.verdict = verdict;
		}
	}

	// what the decision asks

	/**
	 * Return whether anything was seen of the attempt's own transaction, if only that it
	 * could not begin. Otherwise it may have been anything: its transaction manager has
	 * no listeners, and its connection was none of ours.
	 * @return whether {@link #outcome()} is known
	 */
	public boolean observed() {
		return own() != NONE;
	}

	/**
	 * Return what became of the attempt's own transaction.
	 * @return the outcome
	 */
	public TransactionOutcome outcome() {
		return own().outcome();
	}

	/**
	 * Return whether the attempt's own transaction had begun for those who use it, even
	 * if no connection was fetched for it: then they may have done anything.
	 * @return whether its body ran
	 */
	public boolean begun() {
		return own().begun;
	}

	/**
	 * Return whether the attempt's own transaction was being committed when it ended.
	 * @return whether a commit had been asked for
	 */
	public boolean committing() {
		return own().committing;
	}

	/**
	 * Return whether a guarded connection took part, so that {@link #outcome()} is what
	 * it saw.
	 * @return whether the outcome is a connection's own
	 */
	public boolean guarded() {
		TransactionRecord own = own();
		return own.connection != null && !own.isEndUntold();
	}

	/**
	 * Return the first telling failure that a connection saw in the attempt's own
	 * transaction.
	 * @return the failure as the driver threw it, or {@code null}
	 */
	public @Nullable Throwable failure() {
		return own().failure;
	}

	/**
	 * Return what {@link #failure()} means.
	 * @return the verdict, or {@code null} if there was no failure
	 */
	public @Nullable FailureVerdict verdict() {
		return own().verdict;
	}

	/**
	 * Return how the connection was lost that the attempt's own transaction had, unless
	 * that was committed, or was being rolled back already. Whatever became of the
	 * failure on its way, the attempt must not count as a success then: it may have taken
	 * for missing what it could not read.
	 * @return the failure as the driver threw it, or {@code null}
	 */
	public @Nullable Throwable loss() {
		TransactionRecord own = own();
		return (own.outcome() != TransactionOutcome.COMMITTED) ? own.loss : null;
	}

	/**
	 * Return what was done for good in this attempt, whatever becomes of its own
	 * transaction: a rerun would repeat it. Transactions that only read don't count.
	 * @return how often, by the name of the transaction, which is empty if it has none
	 */
	public Map<String, Integer> independentWork() {
		TransactionRecord own = own();
		IndependentWork all = this.independent;
		for (TransactionRecord record = this.outermost; record != null; record = record.previous) {
			if (record != own && record.isWorkCommitted()) {
				all = all.with(record.name);
			}
		}
		return all.get();
	}

	/**
	 * Return whether any connection was lost in this attempt.
	 * @return whether a connection was lost
	 */
	public boolean connectionLost() {
		return this.connectionLost;
	}

	/**
	 * Return what this attempt and those before it may have left on the server.
	 * @return what stands for that, or {@code null} if nothing is left
	 */
	public @Nullable AbandonedBackend abandoned() {
		return this.abandoned;
	}

	/**
	 * Return whether this attempt may have left something on the server.
	 * @return whether a connection was lost whose backend isn't known to be gone
	 */
	public boolean hasAbandoned() {
		return this.abandoned != this.inherited;
	}

	/**
	 * Return how a wait for a lock ended with the deadline.
	 * @return the failure as the driver threw it, or {@code null}
	 */
	public @Nullable Throwable endedLockWait() {
		return this.endedLockWait;
	}

	private TransactionRecord own() {
		TransactionRecord own = NONE;
		boolean named = false;
		for (TransactionRecord record = this.outermost; record != null; record = record.previous) {
			boolean matches = this.name != null && this.name.equals(record.name);
			if ((matches && !named) || (matches == named && record.isWorseThan(own))) {
				own = record;
				named = matches;
			}
		}
		return own;
	}

	private boolean isKnown(Object connection) {
		for (TransactionRecord record = this.outermost; record != null; record = record.previous) {
			if (record.connection == connection) {
				return true;
			}
		}
		return false;
	}

	private @Nullable TransactionRecord activeOf(Object execution) {
		TransactionRecord record = this.active;
		while (record != null && record.execution != execution) {
			record = record.enclosing;
		}
		return record;
	}

	private @Nullable TransactionRecord activeOn(Object connection) {
		for (TransactionRecord record = this.active; record != null; record = record.enclosing) {
			if (record.connection == connection) {
				return record;
			}
		}
		for (TransactionRecord record = this.outermost; record != null; record = record.previous) {
			if (record.connection == connection && !record.ended) {
				return record;
			}
		}
		return null;
	}

	private static final class TransactionRecord {

		private final @Nullable Object execution;

		private final @Nullable String name;

		private final @Nullable TransactionRecord enclosing;

		private final @Nullable TransactionRecord previous;

		private TransactionOutcome outcome = TransactionOutcome.NOT_BEGUN;

		private @Nullable Object connection;

		private boolean readOnly;

		private boolean begun;

		private boolean committing;

		private boolean rollingBack;

		private boolean ended;

		private @Nullable Throwable failure;

		private @Nullable FailureVerdict verdict;

		// of its own connection, whatever else failed
		private @Nullable Throwable loss;

		TransactionRecord(@Nullable Object execution, @Nullable String name, @Nullable TransactionRecord enclosing,
				@Nullable TransactionRecord previous) {
			this.execution = execution;
			this.name = name;
			this.enclosing = enclosing;
			this.previous = previous;
		}

		TransactionOutcome outcome() {
			if (isEndUntold()) {
				return TransactionOutcome.UNKNOWN;
			}
			return isWithoutConnection() ? TransactionOutcome.NOT_BEGUN : this.outcome;
		}

		// A callback before the commit threw a TransactionException: Spring neither
		// commits
		// nor rolls back nor tells its listeners, and then the clean-up commits, since it
		// switches auto-commit on
		boolean isEndUntold() {
			return this.begun && !this.ended && (this.connection == null || this.outcome == TransactionOutcome.ACTIVE);
		}

		// Connections that are fetched lazily fail after the begin
		private boolean isWithoutConnection() {
			return this.connection == null && this.outcome == TransactionOutcome.ROLLED_BACK && this.verdict != null
					&& this.verdict.kind() == FailureVerdict.Kind.UNAVAILABLE;
		}

		boolean isWorkCommitted() {
			return outcome() == TransactionOutcome.COMMITTED && !this.readOnly;
		}

		boolean isWorseThan(TransactionRecord other) {
			return other == NONE || severity() > other.severity();
		}

		private int severity() {
			return switch (outcome()) {
				case NOT_BEGUN -> 0;
				case ACTIVE, ROLLED_BACK -> 1;
				case UNKNOWN -> 2;
				case COMMITTED -> 3;
			};
		}

		void connectionLost(Throwable failure) {
			if (this.loss == null && !this.rollingBack && !this.ended) {
				this.loss = failure;
			}
		}

		// A failure that was handled, such as a duplicate key behind a savepoint, must
		// not
		// hide the one that ended the transaction
		boolean lacks(FailureVerdict candidate) {
			return !this.rollingBack && (this.verdict == null || (this.verdict.kind() == FailureVerdict.Kind.OTHER
					&& candidate.kind() != FailureVerdict.Kind.OTHER));
		}

	}

}
