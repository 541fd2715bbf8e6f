package io.github.resilientdb.attempt;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.attempt.AbandonedBackends.AbandonedBackend;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one thread saw of the transactions of one attempt. The
 * connections and the transaction listeners write it, the decision about a rerun reads
 * it. Ledgers stack: an inner retryable call has its own.
 * <p>
 * Confined to its thread.
 */
public final class AttemptLedger implements AutoCloseable {

	private static final ThreadLocal<@Nullable AttemptLedger> CURRENT = new ThreadLocal<>();

	private final @Nullable AttemptLedger outer;

	private final long deadline;

	private final AttemptTransactions transactions;

	private final AbandonedBackends backends;

	private boolean connectionLost;

	// of the attempts around this one too, and of inner calls
	private @Nullable SeenLoss losses;

	private AttemptLedger(@Nullable AttemptLedger outer, long deadline, @Nullable String name,
			@Nullable AbandonedBackend inherited) {
		this.outer = outer;
		this.deadline = deadline;
		this.transactions = new AttemptTransactions(name);
		this.backends = new AbandonedBackends(inherited);
		this.losses = (outer != null) ? outer.losses : null;
	}

	/**
	 * Open the ledger of a first attempt on the current thread. Close it on the same
	 * thread.
	 * @param deadline the deadline of the call, as a value of {@link System#nanoTime()}
	 * @return the ledger
	 */
	public static AttemptLedger open(long deadline) {
		return open(deadline, null, null);
	}

	/**
	 * Open the ledger of an attempt on the current thread. Close it on the same thread.
	 * @param deadline the deadline of the call, as a value of {@link System#nanoTime()}
	 * @param name the name that the attempt's own transaction is going to have,
	 * {@code null} if it is the only outermost one
	 * @param abandoned what {@link AbandonedBackends#latest()} was at the end of the
	 * attempt before, {@code null} if this is the first
	 * @return the ledger
	 */
	public static AttemptLedger open(long deadline, @Nullable String name, @Nullable AbandonedBackend abandoned) {
		AttemptLedger outer = CURRENT.get();
		long bound = ((outer != null) && (outer.deadline - deadline < 0)) ? outer.deadline : deadline;
		AbandonedBackend inherited = (abandoned == null && outer != null) ? outer.backends.latest() : abandoned;
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
			CURRENT.set(null); // cheaper than removing the entry and making it again
			return;
		}
		this.outer.transactions.addAll(this.transactions);
		this.outer.backends.takeOver(this.backends);
		this.outer.losses = this.losses;
		CURRENT.set(this.outer);
	}

	/**
	 * Return until when the call may wait for anything.
	 * @return a value of {@link System#nanoTime()}
	 */
	public long deadline() {
		return this.deadline;
	}

	/**
	 * Return the transactions of the attempt, for those who see them begin and end.
	 * @return the transactions
	 */
	public AttemptTransactions transactions() {
		return this.transactions;
	}

	/**
	 * Return what is known now of the attempt's own transaction.
	 * @return the record, never {@code null}
	 */
	public TransactionRecord own() {
		return this.transactions.own();
	}

	/**
	 * Return what was left on the server.
	 * @return the backends
	 */
	public AbandonedBackends backends() {
		return this.backends;
	}

	/**
	 * Return whether any connection was lost in this attempt.
	 * @return whether a connection was lost
	 */
	public boolean connectionLost() {
		return this.connectionLost;
	}

	/**
	 * Return what a connection said of a failure that it did not survive, in the
	 * attempt's own transaction, in an inner one or in none.
	 * @param failure the failure as the driver threw it
	 * @return the verdict, or {@code null} if it was not the end of any connection
	 */
	public @Nullable FailureVerdict lossVerdict(Throwable failure) {
		return (this.losses != null) ? this.losses.verdictOf(failure) : null;
	}

	/**
	 * A connection begins a transaction.
	 * @param connection the connection
	 */
	public void began(Object connection) {
		if (this.transactions.activeOn(connection) == null) {
			this.transactions.activeOrUnmanaged().beganOn(connection);
		}
	}

	/**
	 * A connection knows how its transaction ended.
	 * @param connection the connection
	 * @param outcome the outcome
	 */
	public void ended(Object connection, TransactionOutcome outcome) {
		TransactionRecord record = this.transactions.activeOn(connection);
		if (record != null) {
			record.endedOnConnection(outcome);
		}
		else if (outcome == TransactionOutcome.COMMITTED && !this.transactions.isKnown(connection)) {
			this.transactions.addIndependentWork(IndependentWork.UNMANAGED);
		}
	}

	/**
	 * A connection has executed a statement outside of any transaction.
	 */
	public void autoCommitted() {
		this.transactions.addIndependentWork(IndependentWork.AUTO_COMMIT);
	}

	/**
	 * A connection saw a failure.
	 * @param connection the connection
	 * @param failure the failure as the driver threw it
	 * @param verdict what it means
	 */
	public void failed(Object connection, Throwable failure, FailureVerdict verdict) {
		TransactionRecord record = this.transactions.activeOn(connection);
		if (record != null && verdict.kind() == FailureVerdict.Kind.DISCONNECT) {
			record.connectionLost(failure);
		}
		TransactionRecord active = this.transactions.active();
		if (record == null && active != null && !active.hasConnection()) {
			// The connection was lost before the transaction had begun on it
			record = active;
		}
		if (verdict.kind() == FailureVerdict.Kind.DISCONNECT) {
			this.connectionLost = true;
		}
		if (verdict.kind() == FailureVerdict.Kind.DISCONNECT || verdict.kind() == FailureVerdict.Kind.UNAVAILABLE) {
			this.losses = new SeenLoss(failure, verdict, this.losses);
		}
		if (record != null) {
			record.failed(failure, verdict);
		}
	}

	/**
	 * A connection went back to a savepoint. What the server had refused since then is
	 * dealt with; a loss is not.
	 * @param connection the connection
	 */
	public void rolledBackToSavepoint(Object connection) {
		TransactionRecord record = this.transactions.activeOn(connection);
		if (record != null) {
			record.rolledBackToSavepoint();
		}
		this.backends.rolledBackToSavepoint();
	}

}
