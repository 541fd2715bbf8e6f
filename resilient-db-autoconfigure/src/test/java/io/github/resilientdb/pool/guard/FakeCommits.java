package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.commit.CommitSession.CommitRequest;

/**
 * Commits as a test says.
 */
final class FakeCommits implements CommitSession {

	private final List<String> calls = new CopyOnWriteArrayList<>();

	private Callable<CommitOutcome> answer = () -> CommitOutcome.Committed.ORDINARY;

	private boolean over;

	private volatile boolean superseded;

	private volatile BackendState backend = BackendState.UNIDENTIFIED;

	/**
	 * Say what comes of the next COMMIT: an outcome, or an exception.
	 */
	void answer(Callable<CommitOutcome> answer) {
		this.answer = answer;
	}

	void transactionIsOver() {
		this.over = true;
	}

	void supersede() {
		this.superseded = true;
	}

	void backend(BackendState backend) {
		this.backend = backend;
	}

	@Override
	public BackendState look(Connection other) {
		return this.backend;
	}

	@Override
	public boolean endWaiting(Connection other) {
		this.calls.add("end");
		return true;
	}

	/**
	 * What was asked for.
	 */
	List<String> calls() {
		return this.calls;
	}

	@Override
	public CommitOutcome commit(Connection physical, CommitRequest request) throws SQLException {
		this.calls
			.add("commit%s%s%s".formatted(request.verify() ? " verify" : "", request.readOnly() ? " read-only" : "",
					(request.deadlineNanos() != Long.MAX_VALUE) ? " by " + request.deadlineNanos() : ""));
		try {
			return this.answer.call();
		}
		catch (SQLException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public boolean isTransactionOver() {
		return this.over;
	}

	@Override
	public boolean release(long deadlineNanos) {
		this.calls.add("release");
		return true;
	}

	@Override
	public boolean limitLockWaits(Connection physical, long nanos) {
		return true;
	}

	@Override
	public boolean isSuperseded() {
		return this.superseded;
	}

}
