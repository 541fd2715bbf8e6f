package io.github.resilientdb.commit;

import java.util.ArrayDeque;
import java.util.Deque;

import io.github.resilientdb.FailureVerdict;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one thread saw of the transactions of one attempt. The
 * connections and the transaction listeners write it, the decision about a rerun reads it.
 * <p>
 * The attempt's own transaction is the first that begins in it; those that begin within
 * (as with {@code REQUIRES_NEW}) are inner ones, which stand by themselves. Ledgers stack:
 * an inner retryable call has its own.
 * <p>
 * Confined to its thread.
 */
public final class AttemptLedger implements AutoCloseable {

	private static final ThreadLocal<@Nullable AttemptLedger> CURRENT = new ThreadLocal<>();

	private final @Nullable AttemptLedger outer;

	private final long deadline;

	private final Deque<TransactionRecord> active = new ArrayDeque<>(2);

	private final TransactionRecord own = new TransactionRecord();

	private boolean begun;

	private int innerCommits;

	private boolean connectionLost;

	private AttemptLedger(@Nullable AttemptLedger outer, long deadline) {
		this.outer = outer;
		this.deadline = deadline;
	}

	/**
	 * Open the ledger of an attempt on the current thread. Close it on the same thread.
	 * @param deadline the deadline of the call, as a value of {@link System#nanoTime()}
	 * @return the ledger
	 */
	public static AttemptLedger open(long deadline) {
		AttemptLedger outer = CURRENT.get();
		long bound = ((outer != null) && (outer.deadline - deadline < 0)) ? outer.deadline : deadline;
		AttemptLedger ledger = new AttemptLedger(outer, bound);
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
			CURRENT.remove();
			return;
		}
		this.outer.innerCommits += this.innerCommits + ((outcome() == TransactionOutcome.COMMITTED) ? 1 : 0);
		CURRENT.set(this.outer);
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
	 */
	public void transactionBeginning() {
		TransactionRecord record = this.begun ? new TransactionRecord() : this.own;
		this.begun = true;
		this.active.push(record);
	}

	/**
	 * The transaction that was about to begin has not begun.
	 */
	public void transactionNotBegun() {
		this.active.poll();
	}

	/**
	 * The innermost active transaction is about to be committed.
	 */
	public void transactionCommitting() {
		top().committing = true;
	}

	/**
	 * The innermost active transaction is over.
	 * @param outcome what the transaction manager made of it
	 */
	public void transactionEnded(TransactionOutcome outcome) {
		TransactionRecord record = top();
		if (record.connection == null) {
			record.outcome = outcome;
		}
		if (record != this.own && record.outcome == TransactionOutcome.COMMITTED) {
			this.innerCommits++;
		}
		this.active.poll();
	}

	// what the connections tell

	/**
	 * A connection begins a transaction.
	 * @param connection the connection
	 */
	public void began(Object connection) {
		TransactionRecord record = top();
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
		TransactionRecord record = top();
		if (record.connection == null || record.connection == connection) {
			record.connection = connection;
			record.outcome = outcome;
		}
	}

	/**
	 * A connection saw a failure.
	 * @param failure the failure as the driver threw it
	 * @param verdict what it means
	 */
	public void failed(Throwable failure, FailureVerdict verdict) {
		if (verdict.kind() == FailureVerdict.Kind.DISCONNECT) {
			this.connectionLost = true;
		}
		TransactionRecord record = top();
		if (record.failure == null) {
			record.failure = failure;
			record.verdict = verdict;
		}
	}

	// what the decision asks

	/**
	 * Return what became of the attempt's own transaction.
	 * @return the outcome
	 */
	public TransactionOutcome outcome() {
		return this.own.outcome;
	}

	/**
	 * Return whether the attempt's own transaction was being committed when it ended.
	 * @return whether a commit had been asked for
	 */
	public boolean committing() {
		return this.own.committing;
	}

	/**
	 * Return whether a guarded connection took part, so that {@link #outcome()} is what it
	 * saw.
	 * @return whether the outcome is a connection's own
	 */
	public boolean guarded() {
		return this.own.connection != null;
	}

	/**
	 * Return the first failure that a connection saw in the attempt's own transaction.
	 * @return the failure as the driver threw it, or {@code null}
	 */
	public @Nullable Throwable failure() {
		return this.own.failure;
	}

	/**
	 * Return what {@link #failure()} means.
	 * @return the verdict, or {@code null} if there was no failure
	 */
	public @Nullable FailureVerdict verdict() {
		return this.own.verdict;
	}

	/**
	 * Return how many inner transactions were committed in this attempt.
	 * @return the number of transactions that a rerun would repeat
	 */
	public int innerCommits() {
		return this.innerCommits;
	}

	/**
	 * Return whether any connection was lost in this attempt.
	 * @return whether a connection was lost
	 */
	public boolean connectionLost() {
		return this.connectionLost;
	}

	private TransactionRecord top() {
		TransactionRecord record = this.active.peek();
		return (record != null) ? record : this.own;
	}

	private static final class TransactionRecord {

		private TransactionOutcome outcome = TransactionOutcome.NOT_BEGUN;

		private @Nullable Object connection;

		private boolean committing;

		private @Nullable Throwable failure;

		private @Nullable FailureVerdict verdict;

	}

}
