package io.github.resilientdb.pool.guard;

import java.sql.SQLException;
import java.util.Locale;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.pool.connect.PrimaryRequirement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What {@code commit()} of a guarded connection does: sends COMMIT, unless the connection
 * is known dead, and says what became of the transaction.
 */
final class TransactionCommit {

	private static final Logger logger = LoggerFactory.getLogger(TransactionCommit.class);

	private final GuardedSession session;

	private final ConnectionRegistry pool;

	private final TransactionTracker transaction;

	TransactionCommit(GuardedSession session) {
		this.session = session;
		this.pool = session.pool();
		this.transaction = session.transaction();
	}

	void commit() throws SQLException {
		TransactionOutcomeUnknownException inDoubt = this.transaction.inDoubt();
		if (inDoubt != null) {
			throw inDoubt(inDoubt);
		}
		Throwable death = death();
		if (death != null) {
			throw notSent(death);
		}
		AttemptLedger ledger = AttemptLedger.current();
		boolean verify = ledger != null || this.pool.isVerifyingAll();
		long deadline = (ledger != null) ? ledger.deadline() : Long.MAX_VALUE;
		long start = System.nanoTime();
		CommitOutcome outcome = send(new CommitRequest(verify, this.transaction.isReadOnly(), deadline));
		if (outcome instanceof CommitOutcome.Committed committed) {
			committed(committed, start);
		}
		else if (outcome instanceof CommitOutcome.NotCommitted notCommitted) {
			throw notCommitted(notCommitted, start);
		}
		else if (outcome instanceof CommitOutcome.Unknown unknown) {
			throw unknown(unknown, verify, start);
		}
	}

	private @Nullable Throwable death() {
		Throwable death = this.session.life().cause();
		if (death == null && this.session.isClosedByDriver()) {
			death = new ConnectionLostException(null);
			this.session.lost(death, Loss.NO_ANSWER, Phase.TRANSACTION);
		}
		if (death == null && this.session.commits().isSuperseded()) {
			death = new SQLException("The cluster has a new primary: what this one commits does not count", "08006");
			this.session.lost(death, Loss.SUPERSEDED, Phase.TRANSACTION);
		}
		return death;
	}

	private SQLException notSent(Throwable death) {
		this.transaction.nothingIsOpen();
		return this.session
			.failed(new TransactionNotCommittedException("the connection was lost before COMMIT was sent", death));
	}

	private CommitOutcome send(CommitRequest request) throws SQLException {
		try {
			return this.session.commits().commit(this.session.physical().connection(), request);
		}
		catch (SQLException ex) {
			SQLException marked = this.session.failed(ex);
			// the server refused, which ends the transaction
			this.transaction.ended(TransactionOutcome.ROLLED_BACK);
			throw marked;
		}
		catch (RuntimeException | Error ex) {
			this.session.lost(ex, Loss.DRIVER_FAILED, Phase.COMMIT);
			this.transaction.ended(TransactionOutcome.UNKNOWN);
			throw ex;
		}
	}

	private void committed(CommitOutcome.Committed committed, long start) {
		this.transaction.ended(TransactionOutcome.COMMITTED);
		if (!this.transaction.isReadOnly()) {
			wrote();
		}
		if (!committed.connectionLost()) {
			this.session.proof().proven(start);
			return;
		}
		verified("committed", start);
		lost(new ConnectionLostException(null));
	}

	private void wrote() {
		PrimaryRequirement primary = this.pool.database().primary();
		if (!this.session.physical().standby() && !primary.isInForce()) {
			primary.wrote();
		}
	}

	private SQLException notCommitted(CommitOutcome.NotCommitted notCommitted, long start) {
		this.transaction.ended(TransactionOutcome.ROLLED_BACK);
		verified("not_committed", start);
		lost(notCommitted.cause());
		if (!BackendRelease.isEndedByServer(notCommitted.cause())) {
			TransactionTracker.abandonBackend();
		}
		return new TransactionNotCommittedException(name(notCommitted.reason()), notCommitted.cause());
	}

	private SQLException unknown(CommitOutcome.Unknown unknown, boolean verify, long start) {
		this.transaction.ended(TransactionOutcome.UNKNOWN);
		if (verify) {
			verified("unknown", start);
		}
		lost(unknown.cause());
		TransactionOutcomeUnknownException exception = new TransactionOutcomeUnknownException(name(unknown.reason()),
				textOrNull(unknown.transaction()), textOrNull(unknown.statement()), unknown.cause());
		if (verify && AttemptLedger.current() == null) {
			log(exception);
		}
		this.transaction.leftInDoubt(exception);
		return inDoubt(exception);
	}

	/**
	 * Only an unchecked exception of Spring's makes its transaction managers report that
	 * the outcome is unknown; a checked one makes some of them report a rollback.
	 */
	private static SQLException inDoubt(TransactionOutcomeUnknownException exception) {
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			throw exception;
		}
		return new SQLException(exception.getMessage(), "08007", exception);
	}

	// That of a retryable call is logged at its end, with the name of the call
	private void log(TransactionOutcomeUnknownException exception) {
		logger.atError()
			.addKeyValue("pool", this.pool.name())
			.addKeyValue("reason", exception.getReason())
			.addKeyValue("transaction", exception.getTransaction())
			.addKeyValue("statement", exception.getStatement())
			.log("A transaction of pool {} may or may not have been committed. {}. "
					+ "Don't run it again before you know", this.pool.name(), exception.getMessage());
	}

	private static String name(Enum<?> reason) {
		return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static @Nullable String textOrNull(String text) {
		return text.isEmpty() ? null : text;
	}

	private void verified(String outcome, long start) {
		this.pool.verified(outcome, System.nanoTime() - start);
	}

	private void lost(SQLException failure) {
		FailureVerdict verdict = this.pool.classify(failure);
		if (verdict.kind() != Kind.DISCONNECT) {
			verdict = Loss.COMMIT_FAILED;
		}
		this.transaction.failed(failure, verdict);
		this.session.lost(failure, verdict, Phase.COMMIT);
	}

}
