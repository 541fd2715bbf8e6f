package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares at most two verification connections among all that need one, first come, first
 * served. A turn is one question, not the whole wait for an answer, so that nobody whose
 * answer takes long keeps the others from getting theirs.
 */
final class VerificationGate {

	static final int CONNECTIONS = 2;

	private static final long LONGEST_TURN = TimeUnit.SECONDS.toNanos(3);

	private static final long SHORTEST_TURN = TimeUnit.MILLISECONDS.toNanos(500);

	private static final Logger logger = LoggerFactory.getLogger(VerificationGate.class);

	private final VerificationConnections connections;

	private final Semaphore turns = new Semaphore(CONNECTIONS, true);

	private final Deque<Shared> idle = new ArrayDeque<>(CONNECTIONS);

	private int visitors;

	private int taken;

	VerificationGate(VerificationConnections connections) {
		this.connections = connections;
	}

	/**
	 * Announces that questions will be asked: as long as someone is here, connections
	 * stay open for the next question.
	 */
	void enter() {
		synchronized (this.idle) {
			this.visitors++;
		}
	}

	void leave() {
		List<Shared> leftOver = List.of();
		synchronized (this.idle) {
			this.visitors--;
			if (this.visitors == 0) {
				leftOver = new ArrayList<>(this.idle);
				this.idle.clear();
			}
		}
		leftOver.forEach(Shared::close);
	}

	/**
	 * Waits for a turn and asks.
	 * @param thread the waiting thread
	 * @param deadline when waiting and asking must be over
	 * @param question what to ask
	 * @throws NoTurnException if there was no turn by the deadline
	 * @throws NoConnectionException if no connection could be opened
	 * @throws SQLException if the question failed
	 */
	<T extends @Nullable Object> T ask(Uninterrupted thread, Deadline deadline, Question<T> question)
			throws SQLException {
		if (!thread.acquire(this.turns, deadline)) {
			throw new NoTurnException();
		}
		try {
			return ask(deadline, question);
		}
		finally {
			this.turns.release();
		}
	}

	private <T extends @Nullable Object> T ask(Deadline deadline, Question<T> question) throws SQLException {
		Shared shared = take(deadline);
		boolean reusable = false;
		try {
			T answer = question.ask(shared.connection());
			reusable = true;
			return answer;
		}
		finally {
			giveBack(shared, reusable);
		}
	}

	private Shared take(Deadline deadline) throws SQLException {
		Shared surplus = null;
		synchronized (this.idle) {
			for (Shared shared : this.idle) {
				if (shared.isFitFor(deadline)) {
					this.idle.remove(shared);
					this.taken++;
					return shared;
				}
			}
			if (this.taken + this.idle.size() == CONNECTIONS) {
				surplus = this.idle.pollFirst();
			}
			this.taken++;
		}
		if (surplus != null) {
			surplus.close();
		}
		return open(deadline);
	}

	private Shared open(Deadline deadline) throws SQLException {
		Deadline own = deadline.orEarlier(System.nanoTime() + LONGEST_TURN);
		try {
			return new Shared(this.connections.open(own.nanos()), own);
		}
		catch (SQLException ex) {
			synchronized (this.idle) {
				this.taken--;
			}
			throw new NoConnectionException(ex);
		}
	}

	private void giveBack(Shared shared, boolean reusable) {
		synchronized (this.idle) {
			this.taken--;
			if (reusable && this.visitors > 0 && shared.isFresh()) {
				this.idle.addLast(shared);
				return;
			}
		}
		shared.close();
	}

	/**
	 * Something to ask on a connection. It leaves the connection without a transaction,
	 * unless it fails.
	 *
	 * @param <T> the type of the answer
	 */
	@FunctionalInterface
	interface Question<T extends @Nullable Object> {

		T ask(Connection connection) throws SQLException;

	}

	/**
	 * Thrown when there was no turn in time.
	 */
	static final class NoTurnException extends SQLException {

		private static final long serialVersionUID = 1L;

		NoTurnException() {
			super("No verification connection was free in time");
		}

	}

	/**
	 * Thrown when no connection could be opened.
	 */
	static final class NoConnectionException extends SQLException {

		private static final long serialVersionUID = 1L;

		NoConnectionException(SQLException cause) {
			super("No verification connection could be opened: " + cause.getMessage(), cause.getSQLState(), cause);
		}

	}

	private record Shared(Connection connection, Deadline deadline) {

		boolean isFresh() {
			return this.deadline.remaining() > SHORTEST_TURN;
		}

		/**
		 * One with a later deadline could keep its user past his own.
		 */
		boolean isFitFor(Deadline user) {
			return this.deadline.nanos() - user.nanos() <= 0 && isFresh();
		}

		void close() {
			try {
				this.connection.close();
			}
			catch (SQLException ex) {
				logger.debug("A verification connection could not be closed", ex);
			}
		}

	}

}
