package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.pool.connect.PrimaryRequirement;
import io.github.resilientdb.watchdog.Servers;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a server refused to write in a transaction that may. It is a standby, where a
 * primary is needed; or a primary that somebody has made read-only for a while; or the
 * transaction, the role or the database is read-only, and waiting would not change it.
 * Thread-safe.
 */
final class RefusedWrites {

	private static final String SQL_STATE = "25006"; // read_only_sql_transaction

	/**
	 * For how long an answer serves all who ask.
	 */
	private static final long GOOD_FOR = TimeUnit.MILLISECONDS.toNanos(250);

	private final PrimaryRequirement primary;

	private final Function<@Nullable String, ReadOnlyDefault> question;

	private final LongSupplier clock;

	// Held while the server is asked, which must not pin a virtual thread
	private final ReentrantLock lock = new ReentrantLock();

	private ReadOnlyDefault answer = ReadOnlyDefault.UNKNOWN;

	private long answeredAt;

	private boolean wasOn;

	RefusedWrites(PrimaryRequirement primary, Servers servers) {
		this(primary, (address) -> ReadOnlyDefault.ask(servers, address), System::nanoTime);
	}

	/**
	 * Create one that knows of no refusal.
	 * @param primary whether the pool needs a primary
	 * @param question asks a server, beside the pool, what new transactions are there
	 * @param clock what tells the time, as {@link System#nanoTime()} does
	 */
	RefusedWrites(PrimaryRequirement primary, Function<@Nullable String, ReadOnlyDefault> question,
			LongSupplier clock) {
		this.primary = primary;
		this.question = question;
		this.clock = clock;
		this.answeredAt = clock.getAsLong() - GOOD_FOR;
	}

	/**
	 * Return what a failure means that may be such a refusal.
	 * @param failure the failure
	 * @param session where it was met
	 * @return the verdict, {@code null} if the failure speaks for itself
	 */
	@Nullable FailureVerdict verdict(SQLException failure, GuardedSession session) {
		if (!SQL_STATE.equals(failure.getSQLState()) || !this.primary.isPossible() || session.isLost()
				|| session.transaction().isMeantToRead()) {
			return null;
		}
		Connection connection = session.physical().connection();
		if (!PrimaryRequirement.isReadOnlyByDefault(connection)) {
			return this.primary.writeRefused(connection) ? Loss.NONE_IS_PRIMARY : Loss.NOT_PRIMARY;
		}
		// nobody but a retryable call would wait
		return (AttemptLedger.current() != null) ? readOnlyByDefault(session.physical().address()) : null;
	}

	/**
	 * Return what it means that a connection is read-only by default. Only the server's
	 * own setting is waited for. Who was read-only earlier, and no longer is, has left
	 * connections behind that still are.
	 * @param address where the connection leads to, {@code null} if there is one address
	 * @return the verdict, {@code null} if it is meant to be so
	 */
	@Nullable FailureVerdict readOnlyByDefault(@Nullable String address) {
		this.lock.lock();
		try {
			return switch (answer(address)) {
				case SERVER -> {
					this.wasOn = true;
					yield Loss.READ_ONLY_SERVER;
				}
				case ROLE_OR_DATABASE -> {
					this.wasOn = true;
					yield null;
				}
				case OFF -> this.wasOn ? Loss.NOT_PRIMARY : null;
				case UNKNOWN -> null;
			};
		}
		finally {
			this.lock.unlock();
		}
	}

	private ReadOnlyDefault answer(@Nullable String address) {
		if (this.clock.getAsLong() - this.answeredAt >= GOOD_FOR) {
			this.answer = this.question.apply(address);
			this.answeredAt = this.clock.getAsLong();
		}
		return this.answer;
	}

}
