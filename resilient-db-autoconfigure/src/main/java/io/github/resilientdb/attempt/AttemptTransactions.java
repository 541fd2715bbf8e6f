package io.github.resilientdb.attempt;

import java.sql.SQLException;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The transactions of one attempt, as the transaction manager's listeners see them.
 * <p>
 * The attempt's own transaction is the outermost one that bears the expected name;
 * without a name, or where nothing bears it, it is the worst of all outermost ones (an
 * aspect may have run one before). Those that begin within another (as with
 * {@code REQUIRES_NEW}) are inner ones, which stand by themselves.
 * <p>
 * Confined to its thread.
 */
public final class AttemptTransactions {

	private final @Nullable String expectedName;

	private final IndependentWork independent = new IndependentWork();

	// the innermost transaction that is active now, linked to those around it
	private @Nullable TransactionRecord active;

	// the outermost transaction that began last, linked to earlier ones
	private @Nullable TransactionRecord outermost;

	// the transaction whose COMMIT failed last, and why
	private @Nullable TransactionRecord refused;

	private @Nullable SQLException commitFailure;

	AttemptTransactions(@Nullable String expectedName) {
		this.expectedName = expectedName;
	}

	/**
	 * A transaction is about to begin.
	 * @param execution what stands for the transaction
	 * @param name the name of the transaction
	 * @param readOnly whether the transaction only reads
	 */
	public void beginning(Object execution, String name, boolean readOnly) {
		boolean isOutermost = this.active == null;
		TransactionRecord record = new TransactionRecord(execution, name, readOnly, this.active,
				isOutermost ? this.outermost : null);
		if (isOutermost) {
			this.outermost = record;
		}
		this.active = record;
	}

	/**
	 * The transaction that was about to begin has begun.
	 * @param execution what stands for the transaction
	 */
	public void begun(Object execution) {
		TransactionRecord record = activeOf(execution);
		if (record != null) {
			record.begun();
		}
	}

	/**
	 * The transaction that was about to begin has not begun.
	 * @param execution what stands for the transaction
	 */
	public void notBegun(Object execution) {
		TransactionRecord record = activeOf(execution);
		if (record != null) {
			record.notBegun();
			this.active = record.enclosing();
		}
	}

	/**
	 * A transaction is about to be committed.
	 * @param execution what stands for the transaction
	 */
	public void committing(Object execution) {
		TransactionRecord record = activeOf(execution);
		if (record != null) {
			record.committing();
		}
	}

	/**
	 * The COMMIT of the innermost transaction failed, if it was asked for.
	 * @param failure the failure as the driver threw it
	 */
	public void commitFailed(SQLException failure) {
		TransactionRecord record = this.active;
		if (record != null && record.isCommitting() && record != this.refused) {
			this.refused = record;
			this.commitFailure = failure;
		}
	}

	/**
	 * Return why the COMMIT of the attempt's own transaction failed, as far as the
	 * transaction manager told.
	 * @return the failure as the driver threw it, or {@code null}
	 */
	public @Nullable SQLException commitFailure() {
		return (this.refused == own()) ? this.commitFailure : null;
	}

	/**
	 * A transaction is about to be rolled back. A disconnect from then on is not why it
	 * failed.
	 * @param execution what stands for the transaction
	 */
	public void rollingBack(Object execution) {
		TransactionRecord record = activeOf(execution);
		if (record != null) {
			record.rollingBack();
		}
	}

	/**
	 * A transaction is over.
	 * @param execution what stands for the transaction
	 * @param outcome what the transaction manager made of it
	 */
	public void ended(Object execution, TransactionOutcome outcome) {
		TransactionRecord record = activeOf(execution);
		if (record == null) {
			return;
		}
		record.ended(outcome);
		if (record.enclosing() != null && record.mayBeRepeated()) {
			this.independent.add(IndependentWork.nameOf(record));
		}
		this.active = record.enclosing();
	}

	/**
	 * Return whether a transaction that is about to begin is the attempt's own.
	 * @param name the name of the transaction
	 * @return whether it is the outermost one, and bears the expected name if there is
	 * one
	 */
	public boolean expects(String name) {
		return this.active == null && (this.expectedName == null || this.expectedName.equals(name));
	}

	/**
	 * Return what was done for good, whatever becomes of the attempt's own transaction: a
	 * rerun would repeat it. Transactions that only read don't count.
	 * @return how often, by the name of the transaction, which is empty if it has none
	 */
	public Map<String, Integer> independentWork() {
		TransactionRecord own = own();
		IndependentWork all = this.independent;
		for (TransactionRecord record = this.outermost; record != null; record = record.previous()) {
			if (record != own && record.mayBeRepeated()) {
				all = all.with(IndependentWork.nameOf(record));
			}
		}
		return all.get();
	}

	void addIndependentWork(@Nullable String name) {
		this.independent.add(name);
	}

	/**
	 * Take over what an inner retryable call has done for good.
	 */
	void addAll(AttemptTransactions inner) {
		TransactionRecord own = inner.own();
		if (own.mayBeRepeated()) {
			this.independent.add(IndependentWork.nameOf(own));
		}
		inner.independentWork().forEach(this.independent::add);
	}

	TransactionRecord own() {
		TransactionRecord own = TransactionRecord.NONE;
		boolean named = false;
		for (TransactionRecord record = this.outermost; record != null; record = record.previous()) {
			boolean matches = this.expectedName != null && this.expectedName.equals(record.name());
			if ((matches && !named) || (matches == named && record.isWorseThan(own))) {
				own = record;
				named = matches;
			}
		}
		return own;
	}

	@Nullable TransactionRecord active() {
		return this.active;
	}

	/**
	 * Return the active transaction, or a new one that no transaction manager began.
	 */
	TransactionRecord activeOrUnmanaged() {
		if (this.active != null) {
			return this.active;
		}
		TransactionRecord unmanaged = new TransactionRecord(null, null, false, null, this.outermost);
		this.outermost = unmanaged;
		return unmanaged;
	}

	@Nullable TransactionRecord activeOn(Object connection) {
		for (TransactionRecord record = this.active; record != null; record = record.enclosing()) {
			if (record.isOn(connection)) {
				return record;
			}
		}
		for (TransactionRecord record = this.outermost; record != null; record = record.previous()) {
			if (record.isOn(connection) && !record.hasEnded()) {
				return record;
			}
		}
		return null;
	}

	boolean isKnown(Object connection) {
		for (TransactionRecord record = this.outermost; record != null; record = record.previous()) {
			if (record.isOn(connection)) {
				return true;
			}
		}
		return false;
	}

	private @Nullable TransactionRecord activeOf(Object execution) {
		TransactionRecord record = this.active;
		while (record != null && !record.isOf(execution)) {
			record = record.enclosing();
		}
		return record;
	}

}
