package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.resilientdb.pool.connect.PrimaryRequirement;
import io.github.resilientdb.pool.socket.NetworkTimeout;
import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;

/**
 * One request for a sign of life. If the answer is overdue, a new connection settles what
 * that means: if the server answers there, this connection is dead; if not, the server is
 * slow or away, and giving up connections that may be good would make it worse, so the
 * answer is awaited for as long as the caller can wait.
 */
final class Ping implements LongSupplier {

	private final ConnectionRegistry pool;

	private final @Nullable WireSocket wire;

	private final long deadline;

	private final long timeout;

	private final long start = System.nanoTime();

	private boolean timedOut;

	private boolean serverAnswersOthers;

	Ping(ConnectionRegistry pool, @Nullable WireSocket wire, long deadline) {
		this.pool = pool;
		this.wire = wire;
		this.deadline = deadline;
		this.timeout = pool.settings().pingTimeout().toNanos();
	}

	boolean send(Connection connection) throws SQLException {
		if (this.wire == null) {
			return isForeignValid(connection);
		}
		this.wire.deadline(earlier(this.start + this.timeout, this.deadline), this);
		try {
			// no timeout of the driver's: it is less exact, and twice as long with TLS
			return connection.isValid(0);
		}
		finally {
			this.wire.clearDeadline();
		}
	}

	/**
	 * JDBC counts in seconds; where the driver knows milliseconds, the deadline is kept.
	 */
	private boolean isForeignValid(Connection connection) throws SQLException {
		if (!PrimaryRequirement.isPostgres(connection)) {
			return connection.isValid(seconds());
		}
		int before = NetworkTimeout.of(connection);
		NetworkTimeout.until(connection, earlier(this.start + this.timeout, this.deadline));
		try (Statement statement = connection.createStatement()) {
			statement.execute("");
			return true;
		}
		finally {
			NetworkTimeout.set(connection, before);
		}
	}

	private int seconds() {
		long nanos = Math.min(this.timeout, this.deadline - this.start);
		return (int) Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
	}

	/**
	 * The answer is overdue.
	 * @return the time until which to wait on; in the past to give up
	 */
	@Override
	public long getAsLong() {
		boolean mayWait = this.deadline - System.nanoTime() > 0;
		boolean answersOthers = mayWait && this.pool.database().answers(this.start, this.deadline);
		long now = System.nanoTime();
		if (isReadable() && now - this.deadline < this.timeout) {
			return now + this.timeout;
		}
		if (answersOthers || now - this.deadline >= 0) {
			this.timedOut = true;
			this.serverAnswersOthers = answersOthers;
			return now;
		}
		return earlier(now + this.timeout, this.deadline);
	}

	private boolean isReadable() {
		return this.wire != null && this.wire.isReadable();
	}

	boolean timedOut() {
		return this.timedOut;
	}

	boolean serverAnswersOthers() {
		return this.serverAnswersOthers;
	}

	long took() {
		return System.nanoTime() - this.start;
	}

	private static long earlier(long one, long other) {
		return (one - other < 0) ? one : other;
	}

}
