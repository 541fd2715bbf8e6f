package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.attempt.AbandonedBackends.AbandonedBackend;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.pool.guard.TransactionState.Signal;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the transactions on one connection, and what the attempt on the
 * current thread must know of them. Used by one thread at a time, as the connection is.
 */
final class TransactionTracker {

	private final Object connection;

	private final CommitSession commits;

	private final LockWaitLimit lockWaits = new LockWaitLimit();

	private TransactionState state;

	private boolean readOnly;

	// by a statement of the application, and until the transaction ends
	private boolean declaredReadOnly;

	// whether the application has the driver's connection
	private boolean driverExposed;

	// the outcome of the last transaction, if nobody knows it
	private @Nullable TransactionOutcomeUnknownException inDoubt;

	/**
	 * Create the tracker of a new connection.
	 * @param connection what stands for the connection
	 * @param commits limits how long its statements wait for locks
	 * @param autoCommit whether auto-commit is on
	 */
	TransactionTracker(Object connection, CommitSession commits, boolean autoCommit) {
		this.connection = connection;
		this.commits = commits;
		this.state = autoCommit ? TransactionState.AUTO_COMMIT : TransactionState.NOTHING;
	}

	boolean isAutoCommit() {
		return this.state == TransactionState.AUTO_COMMIT;
	}

	boolean isReadOnly() {
		return this.readOnly;
	}

	/**
	 * Return whether the application has said that the transaction is not to write. What
	 * it says by hand it may say after it has written.
	 */
	boolean isMeantToRead() {
		return this.readOnly || this.declaredReadOnly;
	}

	void declaredReadOnly() {
		this.declaredReadOnly = !isAutoCommit();
	}

	void readOnly(boolean readOnly) {
		this.readOnly = readOnly;
	}

	/**
	 * The connection is used for something that the server may have to answer.
	 */
	void used() {
		on(Signal.USED);
	}

	private void on(Signal use) {
		if (this.state == TransactionState.NOTHING) {
			this.commits.transactionBegins();
		}
		this.state = this.state.on(use);
	}

	/**
	 * A statement is about to be executed.
	 * @param physical the driver's connection
	 */
	void executing(Connection physical) throws SQLException {
		if (this.driverExposed && this.state == TransactionState.WORK && this.commits.isTransactionOver()) {
			// by whoever has the driver's connection
			ended(TransactionOutcome.COMMITTED);
		}
		on(Signal.EXECUTED);
		AttemptLedger ledger = isAutoCommit() ? null : AttemptLedger.current();
		if (ledger != null) {
			ledger.began(this.connection);
			this.lockWaits.executing(ledger, this.commits, physical);
		}
	}

	/**
	 * Statements were executed, and may have committed what was done so far. Without a
	 * transaction, that was for good.
	 */
	void executed(CommitStatement.Place commit) {
		AttemptLedger ledger = isAutoCommit() ? AttemptLedger.current() : null;
		if (ledger != null) {
			ledger.autoCommitted();
		}
		if (commit == CommitStatement.Place.NONE) {
			return;
		}
		ended(TransactionOutcome.COMMITTED);
		if (commit == CommitStatement.Place.FOLLOWED) {
			this.state = this.state.on(Signal.EXECUTED);
			began();
		}
	}

	/**
	 * The application is given the driver's connection.
	 */
	void driverExposed() {
		this.driverExposed = true;
		on(Signal.DRIVER_EXPOSED);
	}

	/**
	 * Return whether the last borrower had the driver's connection, and forget it for the
	 * next one.
	 */
	boolean takeDriverExposed() {
		boolean exposed = this.driverExposed;
		this.driverExposed = false;
		return exposed;
	}

	void autoCommitOn() {
		this.state = this.state.on(Signal.AUTO_COMMIT_ON);
	}

	void autoCommitOff() {
		this.state = this.state.on(Signal.AUTO_COMMIT_OFF);
	}

	/**
	 * Return whether switching auto-commit on has to commit. The driver's own connection,
	 * if anyone has it, may have been used without our knowing.
	 * @param lost whether the connection is known dead
	 * @param closed whether it is, or the driver has closed it
	 */
	boolean mayHaveToCommit(boolean lost, boolean closed) {
		return !isAutoCommit() && ((this.driverExposed && !lost) || this.state.mayHaveToCommit(closed));
	}

	/**
	 * A transaction begins, if auto-commit is off.
	 */
	void began() {
		AttemptLedger ledger = isAutoCommit() ? null : AttemptLedger.current();
		if (ledger != null) {
			ledger.began(this.connection);
		}
	}

	/**
	 * The transaction is over.
	 */
	void ended(TransactionOutcome outcome) {
		nothingIsOpen();
		this.lockWaits.clear();
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null) {
			ledger.ended(this.connection, outcome);
		}
	}

	/**
	 * The transaction went with the connection.
	 */
	void nothingIsOpen() {
		this.declaredReadOnly = false;
		this.state = this.state.on(Signal.ENDED);
	}

	/**
	 * Nobody knows whether the transaction was committed.
	 */
	void leftInDoubt(TransactionOutcomeUnknownException exception) {
		this.inDoubt = exception;
	}

	/**
	 * Return why nobody knows the outcome of the last transaction, {@code null} if it is
	 * known or another one has begun since.
	 */
	@Nullable TransactionOutcomeUnknownException inDoubt() {
		return this.state.isOpen() ? null : this.inDoubt;
	}

	/**
	 * What was done since a savepoint is gone.
	 * @param lost whether the connection is, too
	 */
	void rolledBackToSavepoint(boolean lost) {
		this.lockWaits.clear();
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null && !lost) {
			ledger.rolledBackToSavepoint(this.connection);
		}
	}

	/**
	 * A call failed in a way that means something to the attempt.
	 */
	void failed(Throwable failure, FailureVerdict verdict) {
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null) {
			ledger.failed(this.connection, failure, verdict);
		}
	}

	/**
	 * A call failed in a way that means something only if a wait for a lock was limited.
	 */
	void failedOtherwise(SQLException failure) {
		AttemptLedger ledger = this.lockWaits.isReached(failure) ? AttemptLedger.current() : null;
		if (ledger != null) {
			ledger.backends().lockWaitEnded(failure);
		}
	}

	/**
	 * Leave the server's side of the connection behind: it may still be there.
	 * @return what stands for it, {@code null} outside of retryable calls
	 */
	static @Nullable AbandonedBackend abandonBackend() {
		AttemptLedger ledger = AttemptLedger.current();
		return (ledger != null) ? ledger.backends().abandon() : null;
	}

}
