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
 * served. A turn is one question, not the whole wait for an answer, so that one answer
 * that takes long does not keep the others waiting.
 */
public final class VerificationGate {

	/**
	 * The most connections at a time.
	 */
	public static final int CONNECTIONS = 2;

	private static final long LONGEST_TURN = TimeUnit.SECONDS.toNanos(3);

	private static final long SHORTEST_TURN = TimeUnit.MILLISECONDS.toNanos(500);

	private static final Logger logger = LoggerFactory.getLogger(VerificationGate.class);

	private final VerificationConnections connections;

	private final Semaphore turns = new Semaphore(CONNECTIONS, true);

	// One for each connection, from before it is opened until after it is closed.
	private final Semaphore places = new Semaphore(CONNECTIONS);

	private final Deque<Shared> idle = new ArrayDeque<>(CONNECTIONS);

	private int visitors;

	public VerificationGate(VerificationConnections connections) {
		this.connections = connections;
	}

	public VerificationConnections connections() {
		return this.connections;
	}

	/**
	 * Announce that questions will be asked: as long as someone is here, connections stay
	 * open for the next question.
	 */
	public void enter() {
		synchronized (this.idle) {
			this.visitors++;
		}
	}

	public void leave() {
		List<Shared> leftOver = List.of();
		synchronized (this.idle) {
			this.visitors--;
			if (this.visitors == 0) {
				leftOver = new ArrayList<>(this.idle);
				this.idle.clear();
			}
		}
		leftOver.forEach(this::close);
	}

	/**
	 * Wait for a turn and ask.
	 * @param thread the waiting thread
	 * @param deadline when waiting and asking must be over
	 * @param question what to ask
	 * @throws NoTurnException if there was no turn by the deadline
	 * @throws NoConnectionException if no connection could be opened
	 * @throws SQLException if the question failed; what else it throws is passed on
	 */
	public <T extends @Nullable Object> T ask(Uninterrupted thread, Deadline deadline, Question<T> question)
			throws SQLException {
		if (!thread.acquire(this.turns, deadline)) {
			throw new NoTurnException();
		}
		try {
			return askOnConnection(thread, deadline, question);
		}
		finally {
			this.turns.release();
		}
	}

	private <T extends @Nullable Object> T askOnConnection(Uninterrupted thread, Deadline deadline,
			Question<T> question) throws SQLException {
		Shared shared = take(thread, deadline);
		boolean reusable = false;
		try {
			T answer = question.ask(shared.connection(), shared.deadline());
			reusable = true;
			return answer;
		}
		finally {
			giveBack(shared, reusable);
		}
	}

	private Shared take(Uninterrupted thread, Deadline deadline) throws SQLException {
		Shared surplus = null;
		boolean placed;
		synchronized (this.idle) {
			for (Shared shared : this.idle) {
				if (shared.isFitFor(deadline)) {
					this.idle.remove(shared);
					return shared;
				}
			}
			placed = this.places.tryAcquire();
			if (!placed) {
				surplus = this.idle.pollFirst();
			}
		}
		if (surplus != null) {
			close(surplus);
		}
		// Whoever has a turn gets a place as soon as others have closed theirs.
		if (!placed && !thread.acquire(this.places, deadline)) {
			throw new NoTurnException();
		}
		return open(deadline);
	}

	private Shared open(Deadline deadline) throws SQLException {
		Deadline own = deadline.orEarlier(System.nanoTime() + LONGEST_TURN);
		boolean opened = false;
		try {
			Shared shared = new Shared(this.connections.open(own.nanos()), own);
			opened = true;
			return shared;
		}
		catch (SQLException | RuntimeException | LinkageError ex) {
			throw new NoConnectionException(ex);
		}
		finally {
			if (!opened) {
				this.places.release();
			}
		}
	}

	private void giveBack(Shared shared, boolean reusable) {
		synchronized (this.idle) {
			if (reusable && this.visitors > 0 && shared.isFresh()) {
				this.idle.addLast(shared);
				return;
			}
		}
		close(shared);
	}

	private void close(Shared shared) {
		try {
			shared.connection().close();
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("A verification connection could not be closed", ex);
		}
		finally {
			this.places.release();
		}
	}

	/**
	 * Something to ask on a connection until its deadline. It leaves the connection
	 * without a transaction, unless it fails.
	 *
	 * @param <T> the type of the answer
	 */
	@FunctionalInterface
	public interface Question<T extends @Nullable Object> {

		T ask(Connection connection, Deadline deadline) throws SQLException;

	}

	/**
	 * Thrown when there was no turn in time.
	 */
	public static final class NoTurnException extends SQLException {

		private static final long serialVersionUID = 1L;

		NoTurnException() {
			super("No verification connection was free in time");
		}

	}

	/**
	 * Thrown when no connection could be opened.
	 */
	public static final class NoConnectionException extends SQLException {

		private static final long serialVersionUID = 1L;

		NoConnectionException(Throwable cause) {
			super("No verification connection could be opened: " + cause.getMessage(),
					(cause instanceof SQLException ex) ? ex.getSQLState() : null, cause);
		}

	}

	private record Shared(Connection connection, Deadline deadline) {

		boolean isFresh() {
			return this.deadline.remaining() > SHORTEST_TURN;
		}

		/**
		 * One with a later deadline could keep its user waiting past their own.
		 */
		boolean isFitFor(Deadline user) {
			return this.deadline.nanos() - user.nanos() <= 0 && isFresh();
		}

	}

}
