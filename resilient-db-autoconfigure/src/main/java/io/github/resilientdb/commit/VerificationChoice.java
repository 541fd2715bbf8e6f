package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When, and on what connection, the verification of a pool is chosen. Thread-safe.
 */
final class VerificationChoice {

	private static final Duration LONGEST = Duration.ofSeconds(3);

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

	private static final Logger logger = LoggerFactory.getLogger(VerificationChoice.class);

	private final VerificationGate gate;

	private final CommitListener listener;

	private final Dialects dialects;

	private final Supplier<Optional<CommitChoice>> made;

	private final ReentrantLock choosing = new ReentrantLock();

	private volatile Stage stage = Stage.SCHEMA_COMING;

	private volatile @Nullable Deadline notBefore;

	/**
	 * Create a choice that is to be made.
	 * @param gate where to ask
	 * @param listener who is told of it
	 * @param dialects finds the dialect of a connection, which chooses
	 * @param made what was chosen last
	 */
	VerificationChoice(VerificationGate gate, CommitListener listener, Dialects dialects,
			Supplier<Optional<CommitChoice>> made) {
		this.gate = gate;
		this.listener = listener;
		this.dialects = dialects;
		this.made = made;
	}

	/**
	 * Decide now, beside the pool; the schema is in place.
	 */
	CommitChoice make() throws SQLException {
		if (this.stage != Stage.SETTLED) {
			this.stage = Stage.SCHEMA_IN_PLACE;
		}
		Deadline deadline = Deadline.after(LONGEST);
		try (Uninterrupted thread = new Uninterrupted()) {
			if (!thread.lock(this.choosing, deadline)) {
				throw new SQLException("Choosing how to verify commits takes too long");
			}
			try {
				return make(thread, deadline);
			}
			finally {
				this.choosing.unlock();
			}
		}
	}

	/**
	 * Decide on the next connection; the schema is in place.
	 */
	void makeWhenConnected() {
		if (this.stage == Stage.SCHEMA_COMING) {
			this.stage = Stage.CONNECTION_AWAITED;
		}
	}

	/**
	 * Decide on a new connection if one is awaited, and nobody is at it. If that fails,
	 * it is left to the first transaction: what costs this connection, such as a pooler
	 * that allows no transactions or too little time, would cost all others.
	 * @throws SQLException if the connection was lost
	 */
	void makeOn(Connection physical) throws SQLException {
		if (this.stage != Stage.CONNECTION_AWAITED || !this.choosing.tryLock()) {
			return;
		}
		try {
			if (this.stage == Stage.CONNECTION_AWAITED) {
				decide(() -> ask(physical));
			}
		}
		catch (SQLException ex) {
			leave(ex);
			if (CommitFailure.isLoss(ex, physical)) {
				throw ex;
			}
		}
		catch (RuntimeException | LinkageError ex) {
			leave(ex);
		}
		finally {
			this.choosing.unlock();
		}
	}

	private void leave(Throwable failure) {
		this.stage = Stage.SCHEMA_IN_PLACE;
		logger.debug("How to verify transactions will be decided when the first is to be verified", failure);
	}

	/**
	 * Decide because a transaction is to be verified now, on behalf of all that wait for
	 * it. If that fails, they commit without verification, and nobody tries again for a
	 * while.
	 * @param callDeadline when the call that the transaction belongs to must be over
	 */
	void makeFor(long callDeadline) {
		Deadline deadline = Deadline.after(LONGEST).orEarlier(callDeadline);
		try (Uninterrupted thread = new Uninterrupted()) {
			if (isPaused() || !thread.lock(this.choosing, deadline)) {
				return;
			}
			try {
				tryToMake(thread, deadline);
			}
			finally {
				this.choosing.unlock();
			}
		}
	}

	private void tryToMake(Uninterrupted thread, Deadline deadline) {
		if (isPaused()) {
			return;
		}
		try {
			make(thread, deadline);
		}
		catch (SQLException | RuntimeException | LinkageError ex) {
			this.notBefore = Deadline.after(PAUSE_AFTER_FAILURE);
			logger.warn("Transactions are committed without verification until one can be chosen: {}", ex.getMessage());
			logger.debug("How to verify transactions could not be chosen", ex);
		}
	}

	private boolean isPaused() {
		Deadline pauseEnd = this.notBefore;
		return pauseEnd != null && !pauseEnd.isOver();
	}

	private CommitChoice make(Uninterrupted thread, Deadline deadline) throws SQLException {
		Optional<CommitChoice> made = this.made.get();
		if (made.isPresent() && this.stage != Stage.SCHEMA_IN_PLACE) {
			return made.get();
		}
		return decide(() -> this.gate.ask(thread, deadline, (connection, until) -> ask(connection)));
	}

	/**
	 * Decide. A choice that a transaction forced earlier is made again once the schema is
	 * in place: that transaction may have been the migration that creates the marker
	 * table.
	 */
	private CommitChoice decide(Question question) throws SQLException {
		Stage stage = this.stage;
		Optional<CommitChoice> before = this.made.get();
		CommitChoice choice = question.ask();
		if (stage != Stage.SCHEMA_COMING) {
			this.stage = Stage.SETTLED;
		}
		if (!before.equals(Optional.of(choice))) {
			this.listener.chosen(choice);
		}
		return choice;
	}

	private CommitChoice ask(Connection connection) throws SQLException {
		connection.setAutoCommit(true);
		return this.dialects.of(connection).choose(connection, this.stage != Stage.SCHEMA_COMING);
	}

	/**
	 * How far the choice is.
	 */
	private enum Stage {

		/**
		 * Migrations may still change what there is to choose from: who needs a choice
		 * makes it for now.
		 */
		SCHEMA_COMING,

		/**
		 * The schema is in place, and nobody has connected yet: the next connection makes
		 * the choice.
		 */
		CONNECTION_AWAITED,

		/**
		 * The schema is in place: the choice is to be made, or made again.
		 */
		SCHEMA_IN_PLACE,

		/**
		 * The choice was made with the schema in place.
		 */
		SETTLED

	}

	/**
	 * Finds the dialect of a connection.
	 */
	@FunctionalInterface
	interface Dialects {

		CommitDialect of(Connection connection) throws SQLException;

	}

	/**
	 * Asks a database what it offers.
	 */
	@FunctionalInterface
	private interface Question {

		CommitChoice ask() throws SQLException;

	}

}
