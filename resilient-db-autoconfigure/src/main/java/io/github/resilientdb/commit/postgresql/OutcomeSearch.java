package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.Deadline;
import io.github.resilientdb.commit.Uninterrupted;
import io.github.resilientdb.commit.VerificationGate;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Decided;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Next;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Pending;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for an outcome until there is one or time is up.
 */
final class OutcomeSearch {

	private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

	private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(250);

	private static final Logger logger = LoggerFactory.getLogger(OutcomeSearch.class);

	private final VerificationGate gate;

	private final ServerProbe probe;

	private final Barrier barrier;

	private final @Nullable Duration timeout;

	private final CommitListener listener;

	private final Timelines timelines;

	OutcomeSearch(VerificationGate gate, ServerProbe probe, Barrier barrier, @Nullable Duration timeout,
			CommitListener listener, Timelines timelines) {
		this.timelines = timelines;
		this.barrier = barrier;
		this.gate = gate;
		this.probe = probe;
		this.timeout = timeout;
		this.listener = listener;
	}

	Barrier barrier() {
		return this.barrier;
	}

	CommitOutcome search(OutcomeQuestion question, CommitRequest request) {
		long started = System.nanoTime();
		Deadline deadline = deadline(request.deadlineNanos());
		CommitOutcome outcome;
		this.gate.enter();
		try (Uninterrupted thread = new Uninterrupted()) {
			outcome = search(question, thread, deadline);
		}
		finally {
			this.gate.leave();
		}
		this.listener.verified(outcome, Duration.ofNanos(System.nanoTime() - started));
		return outcome;
	}

	private Deadline deadline(long callDeadline) {
		if (this.timeout == null && callDeadline != Long.MAX_VALUE) {
			return new Deadline(callDeadline);
		}
		return Deadline.after((this.timeout != null) ? this.timeout : CommitSettings.DEFAULT_TIMEOUT)
			.orEarlier(callDeadline);
	}

	private CommitOutcome search(OutcomeQuestion question, Uninterrupted thread, Deadline deadline) {
		WhyUnknown why = WhyUnknown.START;
		long pause = SHORTEST_PAUSE;
		while (!deadline.isOver()) {
			Next next = Next.LATER;
			try {
				SearchAnswer answer = this.gate.ask(thread, deadline,
						(connection, until) -> ask(question, connection, until));
				if (answer instanceof Decided decided) {
					return decided.outcome();
				}
				Pending pending = (Pending) answer;
				why = why.afterAnswer(pending.reason());
				next = pending.next();
			}
			catch (VerificationGate.NoTurnException ex) {
				logger.debug("No verification connection was free", ex);
			}
			catch (VerificationGate.NoConnectionException ex) {
				why = why.afterNoConnection(deadline.isOver());
				logger.debug("The outcome of a transaction cannot be asked for yet", ex);
			}
			catch (NoAnswerException ex) {
				why = why.afterAnswer(ex.reason());
				logger.debug("Asking for the outcome of a transaction failed on the way", ex);
			}
			catch (SQLException | RuntimeException ex) {
				why = why.afterFailure();
				logger.debug("Asking for the outcome of a transaction failed", ex);
			}
			thread.check();
			pause = switch (next) {
				case SOON -> SHORTEST_PAUSE;
				case LATER -> Math.min(pause * 2, LONGEST_PAUSE);
			};
			thread.pause(Math.min(pause, deadline.remaining()));
		}
		return question.unknown(why.reason());
	}

	private SearchAnswer ask(OutcomeQuestion question, Connection connection, Deadline until) throws SQLException {
		VerificationTransaction transaction = VerificationTransaction.begin(connection, this.probe, until);
		if (this.timelines.isSuperseded(transaction.server().token())) {
			throw new SupersededServerException(transaction.server().token());
		}
		this.barrier.endStuck(transaction);
		SearchAnswer answer = question.ask(transaction);
		transaction.rollback();
		return answer;
	}

}
