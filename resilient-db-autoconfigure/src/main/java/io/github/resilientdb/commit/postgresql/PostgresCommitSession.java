package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.commit.CommitFailure;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.MarkerTable;
import io.github.resilientdb.commit.PlainCommit;
import io.github.resilientdb.commit.TimeOrderedIds;
import io.github.resilientdb.commit.postgresql.BackendFence.Backend;
import org.jspecify.annotations.Nullable;

/**
 * Commits on one PostgreSQL connection.
 */
final class PostgresCommitSession implements CommitSession {

	static final long NO_XID = 0;

	private static final PlainCommit.LossHandler READ_ONLY = (failure) -> PlainCommit.unverified(true, failure);

	private static final PlainCommit.LossHandler NOT_VERIFIED = (failure) -> PlainCommit.unverified(false, failure);

	private final PostgresCommitDialect dialect;

	private final PostgresDriver driver;

	private final @Nullable LongSupplier lastAnswer;

	private final TimeOrderedIds markerIds = new TimeOrderedIds();

	private final SessionStatements statements = new SessionStatements();

	// what the connection led to when it was opened; not behind a pooler
	private volatile @Nullable OpenedServer opened;

	private @Nullable ServerState server;

	private boolean pooled;

	// read by the thread that releases, after it was handed over
	private long began = System.nanoTime();

	private boolean applied;

	private boolean lockWaitsLimited;

	PostgresCommitSession(PostgresCommitDialect dialect, PostgresDriver driver, @Nullable LongSupplier lastAnswer) {
		this.dialect = dialect;
		this.lastAnswer = lastAnswer;
		this.driver = driver;
	}

	/**
	 * Tell what the connection leads to, which must be known to verify a commit.
	 */
	void identify(ServerState server) {
		this.server = server;
		this.pooled = this.driver.backendPid() != server.backendPid();
		this.opened = this.pooled ? null : new OpenedServer(this.dialect, server);
		this.statements.pooled(this.pooled);
	}

	boolean isPooled() {
		return this.pooled;
	}

	@Override
	public boolean isSuperseded() {
		OpenedServer known = this.opened;
		return known != null && known.isSuperseded();
	}

	/**
	 * Return why an answer to COMMIT is not believed, {@code null} if it is.
	 * @param sent when COMMIT was sent
	 */
	@Nullable SQLException doubt(long sent) {
		OpenedServer known = this.opened;
		return (known != null) ? known.doubt(sent) : null;
	}

	@Override
	public BackendState look(Connection other) throws SQLException {
		OpenedServer known = this.opened;
		return (known != null) ? known.look(other) : BackendState.UNIDENTIFIED;
	}

	@Override
	public boolean endWaiting(Connection other) throws SQLException {
		OpenedServer known = this.opened;
		return known != null && known.endWaiting(other);
	}

	@Override
	public boolean mayShareServer(CommitSession other) {
		OpenedServer mine = this.opened;
		OpenedServer others = (other instanceof PostgresCommitSession session) ? session.opened : null;
		return mine == null || others == null || mine.mayBe(others);
	}

	@Override
	public CommitOutcome commit(Connection physical, CommitRequest request) throws SQLException {
		if (physical.isClosed()) {
			return new NotCommitted(NotCommittedReason.BEFORE_COMMIT,
					new SQLException("The connection was closed before COMMIT", "08003"));
		}
		if (this.driver.isIdle()) {
			physical.commit();
			return Committed.ORDINARY;
		}
		if (this.driver.isFailed()) {
			throw PlainCommit.refuse(physical);
		}
		if (request.readOnly() && this.driver.isReadOnly()) {
			return PlainCommit.commit(physical, READ_ONLY);
		}
		CommitMethod method = request.verify() ? this.dialect.method(request.deadlineNanos()) : null;
		if (method == null) {
			return PlainCommit.commit(physical, NOT_VERIFIED);
		}
		if (this.server == null) {
			try {
				ServerState found = this.dialect.probe().query(physical, "", (row) -> ServerState.read(row, 1));
				identify((found != null) ? found : ServerState.UNKNOWN);
			}
			catch (SQLException | RuntimeException ex) {
				return PlainCommit.notSent(physical, CommitFailure.of(ex));
			}
		}
		return method.commit(this, physical, request);
	}

	@Override
	public void transactionBegins() {
		this.began = System.nanoTime();
	}

	@Override
	public boolean release(long deadlineNanos) {
		Backend process = process();
		return process != null && this.dialect.release(process, deadlineNanos);
	}

	@Override
	public boolean limitLockWaits(Connection physical, long nanos) throws SQLException {
		if (!this.driver.isFailed()) {
			this.lockWaitsLimited = LockTimeout.limit(physical, nanos);
		}
		return this.lockWaitsLimited;
	}

	/**
	 * The process of this session, or {@code null} if it may be serving others (behind a
	 * pooler) or is not known well enough.
	 */
	@Nullable Backend process() {
		OpenedServer known = this.opened;
		LongSupplier answers = this.lastAnswer;
		return (known != null && answers != null) ? known.process(this.began, answers.getAsLong()) : null;
	}

	/**
	 * The same, just before COMMIT is sent. Until then it works for this transaction, so
	 * the present will do as the time of the last answer if the driver's socket can't
	 * tell it.
	 */
	@Nullable Backend committingProcess() {
		OpenedServer known = this.opened;
		return (known != null && this.lastAnswer == null) ? known.process(this.began, System.nanoTime()) : process();
	}

	/**
	 * The server as it was when the connection was opened, or behind a pooler when the
	 * transaction id was read.
	 */
	ServerState server() {
		return Objects.requireNonNull(this.server);
	}

	@Override
	public boolean isTransactionOver() {
		return this.driver.isIdle();
	}

	boolean isTransactionOpen() {
		return this.driver.isOpen();
	}

	/**
	 * Read the id of the current transaction.
	 * @return the id, or {@link #NO_XID} if it has written nothing
	 */
	long readXid(Connection physical) throws SQLException {
		if (this.pooled) {
			Long xid = this.dialect.probe().query(physical, SessionStatements.XID + ", ", (row) -> {
				this.applied = isApplied(row.getString(2));
				this.server = ServerState.read(row, 3);
				return row.getLong(1);
			});
			if (xid != null) {
				return xid;
			}
			this.server = ServerState.UNKNOWN;
		}
		try (ResultSet row = this.statements.xid(physical).executeQuery()) {
			row.next();
			this.applied = isApplied(row.getString(2));
			return row.getLong(1);
		}
	}

	private static boolean isApplied(@Nullable String synchronousCommit) {
		return "remote_apply".equals(synchronousCommit);
	}

	/**
	 * Whether the transaction whose id was read waits until standbys have applied it.
	 */
	boolean isApplied() {
		return this.applied;
	}

	UUID nextMarker() {
		return this.markerIds.next();
	}

	/**
	 * Send the marker and COMMIT in one message.
	 * @param guarded whether the transaction is to survive if the marker is refused
	 */
	void markAndCommit(Connection physical, MarkerTable table, UUID marker, boolean guarded) throws SQLException {
		PreparedStatement statement = this.statements.markAndCommit(physical, table, guarded);
		statement.setObject(1, marker);
		statement.execute();
	}

}
