package io.github.resilientdb.pool.guard;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.ConnectionStatus;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import io.github.resilientdb.ServerSideFailure;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.attempt.AbandonedBackend;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitRequest;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.connect.PrimaryRequirement;
import io.github.resilientdb.pool.jdbc.ForwardingConnection;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A physical connection that knows whether it is alive.
 * <p>
 * Once it is known dead, what only tidies up ({@code rollback()}, {@code close()},
 * resetting its state) is silent, so that the failure that the application sees is the
 * one that killed it; whatever needs the server fails, with that failure as cause.
 * {@code commit()} is never silent.
 * <p>
 * Like any connection, it is used by one thread at a time; only its state of health is
 * read by others.
 */
public final class GuardedConnection extends ForwardingConnection implements ConnectionStatus {

	private static final Logger logger = LoggerFactory.getLogger(GuardedConnection.class);

	private static final FailureVerdict NO_ANSWER = new FailureVerdict(Kind.DISCONNECT, Scope.SUSPECT, "ping-failed");

	private static final FailureVerdict ANSWER_OVERDUE = new FailureVerdict(Kind.DISCONNECT, Scope.POOL,
			"ping-timeout");

	private static final FailureVerdict SERVER_SLOW = new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION,
			"ping-timeout");

	// the driver stopped in the middle of something: the next answer may belong to it
	private static final FailureVerdict DRIVER_FAILED = new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION,
			"driver-error");

	private static final FailureVerdict OUT_OF_STEP = new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION,
			"unread-input");

	private static final FailureVerdict OTHER_PRIMARY = new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION,
			ConnectionRegistry.SUPERSEDED);

	private static final FailureVerdict NOT_PRIMARY = new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION,
			"read-only");

	// read_only_sql_transaction
	private static final String READ_ONLY = "25006";

	private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(500);

	private final ConnectionRegistry pool;

	private final Connection physical;

	private final @Nullable WireSocket wire;

	private final @Nullable String address;

	private final CommitSession commits;

	private final boolean standby;

	private final LockWaitLimit lockWaits = new LockWaitLimit();

	private final long generation;

	private final long expiresAfter;

	private final long openedAt = System.nanoTime();

	private volatile long provenAt = this.openedAt;

	private volatile long usedAt = this.openedAt;

	// what was handed out; not closed as long as the connection is lent
	private volatile @Nullable Connection lease;

	private volatile @Nullable Throwable death;

	private volatile String discardReason = "closed";

	private boolean autoCommit;

	// whether anything may have been done since the last transaction ended
	private boolean transactionMayBeOpen;

	// whether that may have been work: a statement was executed, or whoever has the
	// driver's connection could have done it
	private boolean workMayBeOpen;

	// whether the application has the driver's connection
	private boolean driverExposed;

	// the outcome of the last transaction, if nobody knows it
	private @Nullable TransactionOutcomeUnknownException inDoubt;

	private boolean readOnly;

	private boolean detached;

	GuardedConnection(ConnectionRegistry pool, Physical physical, CommitSession commits, long generation)
			throws SQLException {
		this.pool = pool;
		this.physical = physical.connection();
		this.wire = physical.wire();
		this.commits = commits;
		this.standby = physical.standby();
		this.generation = generation;
		this.expiresAfter = expiresAfter(pool.settings());
		this.autoCommit = this.physical.getAutoCommit();
		this.address = physical.address();
		pool.watch(this, this.wire);
	}

	/**
	 * Draw the age limit, so that connections that were opened together are not replaced
	 * together.
	 */
	private static long expiresAfter(PoolSettings settings) {
		if (settings.recycle() == null) {
			return Long.MAX_VALUE;
		}
		long limit = settings.recycle().toNanos();
		return limit - ThreadLocalRandom.current().nextLong(limit / 5 + 1);
	}

	// health

	long generation() {
		return this.generation;
	}

	long provenAt() {
		return this.provenAt;
	}

	public boolean isLost() {
		return this.death != null;
	}

	@Nullable WireSocket wire() {
		return this.wire;
	}

	CommitSession session() {
		return this.commits;
	}

	/**
	 * Return which of several hosts it leads to, {@code null} if there is one.
	 */
	@Nullable String address() {
		return this.address;
	}

	@Override
	public boolean isDead() {
		return isLost() || isClosedByDriver();
	}

	boolean isClosedByDriver() {
		try {
			return this.physical.isClosed();
		}
		catch (SQLException ex) {
			return true;
		}
	}

	public boolean isOf(ConnectionRegistry pool) {
		return this.pool == pool;
	}

	/**
	 * Return whether the connection is lent. Its own last call on return would not do: an
	 * application may make any call of a connection.
	 */
	public boolean isLent() {
		Connection lease = this.lease;
		try {
			return lease != null && !lease.isClosed();
		}
		catch (SQLException ex) {
			return false;
		}
	}

	boolean isDoubtful() {
		Generations generations = this.pool.generations();
		return generations.isDead(this.generation, this.provenAt)
				|| generations.isSuspect(this.generation, this.provenAt);
	}

	/**
	 * Check the connection before it is lent, and lend it to the current thread.
	 * @param lease what is going to be handed out
	 * @param deadline how long that may take at most
	 * @return whether it was lent
	 */
	public Lending lend(Connection lease, long deadline) {
		long now = System.nanoTime();
		if (isLost() || isClosedByDriver()) {
			return refuse("dead");
		}
		if (isInvalidated()) {
			return refuse("invalidated");
		}
		if (this.commits.isSuperseded()) {
			return refuse(ConnectionRegistry.SUPERSEDED);
		}
		if (this.standby && this.pool.database().primary().isInForce()) {
			return refuse("standby");
		}
		if (now - this.openedAt >= this.expiresAfter) {
			return refuse("recycled");
		}
		if (isOutOfStep()) {
			lost(new ConnectionLostException(null), OUT_OF_STEP, Phase.CHECKOUT);
			return refuse("dead");
		}
		if (mustAnswer(now)) {
			if (deadline - now <= 0) {
				return Lending.OUT_OF_TIME;
			}
			if (!ask(deadline)) {
				return refuse("dead");
			}
		}
		return lent(lease) ? Lending.LENT : refuse("invalidated");
	}

	/**
	 * Lend the connection to the current thread, unless it was given up meanwhile.
	 * @param lease what is going to be handed out
	 * @return whether it was lent
	 */
	public boolean lent(Connection lease) {
		synchronized (this) {
			if (this.death != null || isInvalidated()) {
				return false;
			}
			this.lease = lease;
		}
		if (!this.autoCommit) {
			began();
		}
		return true;
	}

	/**
	 * Return whether the last borrower left something under way, so that the next answer
	 * may not belong to the next question: a request that was not answered, or, of who
	 * used the driver directly, a COPY or input that was not read. Other input may be a
	 * notification, which the driver deals with.
	 */
	private boolean isOutOfStep() {
		boolean exposed = this.driverExposed;
		this.driverExposed = false;
		if (this.wire == null) {
			return false;
		}
		return this.wire.isRequestPending()
				|| (exposed && (this.wire.isReadable() || DriverOperation.isUnderWay(this.physical)));
	}

	private boolean isInvalidated() {
		return this.pool.generations().isDead(this.generation, this.provenAt);
	}

	private Lending refuse(String reason) {
		if (!isLost()) {
			this.discardReason = reason;
		}
		return Lending.UNFIT;
	}

	private boolean mustAnswer(long now) {
		PoolSettings settings = this.pool.settings();
		boolean suspect = this.pool.generations().isSuspect(this.generation, this.provenAt);
		return switch (CheckoutDecision.of(settings.prePing(), suspect, now - this.usedAt, pingAfter())) {
			case LEND -> false;
			case LOOK -> (this.wire != null) ? this.wire.isReadable() : !isFresh();
			case ASK -> true;
		};
	}

	/**
	 * Ask the server for a sign of life, in a round trip.
	 * @param deadline how long that may take at most, the timeout of a ping apart
	 * @return whether it answered
	 */
	private boolean ask(long deadline) {
		long asked = System.nanoTime();
		Ping ping = new Ping(this.pool, this.wire, deadline);
		boolean alive = false;
		Throwable failure = null;
		try {
			alive = ping.send(this.physical);
		}
		catch (SQLException | RuntimeException ex) {
			failure = ex;
		}
		catch (Error ex) {
			lost(ex, DRIVER_FAILED, Phase.CHECKOUT);
			throw ex;
		}
		this.pool.pinged(this, alive, ping.took());
		if (alive) {
			// what it proves is that the server lived when it was asked, or later
			this.provenAt = asked;
			this.usedAt = System.nanoTime();
			return true;
		}
		FailureVerdict verdict = ping.timedOut() ? (ping.serverAnswersOthers() ? ANSWER_OVERDUE : SERVER_SLOW)
				: NO_ANSWER;
		lost((failure != null) ? failure : new ConnectionLostException(null), verdict, Phase.CHECKOUT);
		return false;
	}

	private FailureVerdict verdict(SQLException failure) {
		return isWriteRefused(failure) ? NOT_PRIMARY : this.pool.classify(failure);
	}

	/**
	 * Return whether the server refused to write. In a transaction that was not declared
	 * read-only that is a standby, where a primary is needed, unless read-only
	 * transactions are the default of the role, the database or the server.
	 */
	private boolean isWriteRefused(SQLException failure) {
		PrimaryRequirement primary = this.pool.database().primary();
		if (!READ_ONLY.equals(failure.getSQLState()) || !primary.isPossible() || !expectsToWrite()) {
			return false;
		}
		primary.wrote();
		return true;
	}

	/**
	 * Return whether its transactions may write, as far as was said by anyone.
	 */
	private boolean expectsToWrite() {
		return !this.readOnly && !isLost() && !PrimaryRequirement.isReadOnlyByDefault(this.physical);
	}

	/**
	 * The connection turned out to be dead.
	 */
	void lost(Throwable failure, FailureVerdict verdict, Phase phase) {
		if (abandon(failure, verdict.reason())) {
			this.pool.lost(this, failure, verdict, phase);
			if (phase == Phase.TRANSACTION && !this.autoCommit && !BackendRelease.isEndedByServer(failure)) {
				this.pool.release(this.commits, backendAbandoned());
			}
		}
	}

	private static @Nullable AbandonedBackend backendAbandoned() {
		AttemptLedger ledger = AttemptLedger.current();
		return (ledger != null) ? ledger.backendAbandoned() : null;
	}

	/**
	 * Give the connection up without telling anyone: others know.
	 */
	public void abandon(String reason) {
		abandon(new ConnectionLostException(null), reason);
	}

	/**
	 * Give the connection up, unless it is lent.
	 */
	synchronized void abandonIfIdle(String reason) {
		if (!isLent()) {
			abandon(reason);
		}
	}

	private synchronized boolean abandon(Throwable failure, String reason) {
		if (this.death != null) {
			return false;
		}
		this.death = failure;
		this.discardReason = reason;
		if (this.wire != null) {
			this.wire.closeNow();
		}
		return true;
	}

	/**
	 * A call on this connection, or on one of its statements, failed.
	 * @param failure what the driver threw
	 * @return what to throw
	 */
	SQLException failed(SQLException failure) {
		if (this.wire != null) {
			this.wire.explain(failure);
		}
		FailureVerdict verdict = verdict(failure);
		if (verdict.kind() != Kind.OTHER) {
			failed(failure, verdict);
		}
		else if (this.lockWaits.isReached(failure)) {
			lockWaitEnded(failure);
		}
		return ServerSideFailure.mark(failure);
	}

	private void failed(SQLException failure, FailureVerdict verdict) {
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null) {
			ledger.failed(this, failure, verdict);
		}
		if (verdict.scope() != Scope.NONE) {
			lost(failure, verdict, Phase.TRANSACTION);
		}
	}

	private static void lockWaitEnded(SQLException failure) {
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null) {
			ledger.lockWaitEnded(failure);
		}
	}

	// use

	/**
	 * Return what the application holds, which stands for this connection.
	 */
	Connection lease() {
		Connection lease = this.lease;
		return (lease != null) ? lease : this;
	}

	/**
	 * A statement is about to be executed.
	 * @throws SQLException if the connection is lost
	 */
	void executing() throws SQLException {
		Connection connection = delegate();
		if (this.driverExposed && this.workMayBeOpen && this.commits.isTransactionOver()) {
			ended(TransactionOutcome.COMMITTED); // by whoever has the driver's connection
		}
		this.workMayBeOpen |= !this.autoCommit;
		AttemptLedger ledger = this.autoCommit ? null : AttemptLedger.current();
		if (ledger == null) {
			return;
		}
		ledger.began(this);
		try {
			this.lockWaits.executing(ledger, this.commits, connection);
		}
		catch (SQLException ex) {
			throw failed(ex);
		}
	}

	/**
	 * The execution of a statement failed. If that statement was to commit, and the
	 * answer was lost, nobody knows whether it did.
	 */
	SQLException executionFailed(String sql, SQLException failure) {
		boolean unknown = this.pool.classify(failure).kind() == Kind.DISCONNECT
				&& CommitStatement.in(sql) != CommitStatement.Place.NONE;
		SQLException marked = failed(failure);
		if (unknown) {
			ended(TransactionOutcome.UNKNOWN);
		}
		return marked;
	}

	/**
	 * The driver stopped in the middle of something.
	 */
	void driverFailed(Throwable failure) {
		if (this.wire != null && this.wire.isAnswerPending()) {
			lost(failure, DRIVER_FAILED, Phase.TRANSACTION);
		}
	}

	/**
	 * Statements were executed, and may have committed what was done so far. Without a
	 * transaction, that was for good.
	 */
	void executed(CommitStatement.Place commit) {
		AttemptLedger ledger = this.autoCommit ? AttemptLedger.current() : null;
		if (ledger != null) {
			ledger.autoCommitted();
		}
		if (commit == CommitStatement.Place.NONE) {
			return;
		}
		ended(TransactionOutcome.COMMITTED);
		if (commit == CommitStatement.Place.FOLLOWED && !this.autoCommit) {
			this.transactionMayBeOpen = true;
			this.workMayBeOpen = true;
			began();
		}
	}

	@Override
	protected <T extends @Nullable Object> T call(Call<T> call) throws SQLException {
		Connection connection = delegate();
		try {
			return call.on(connection);
		}
		catch (SQLException ex) {
			throw failed(ex);
		}
	}

	@Override
	protected Statement guardStatement(Statement statement) {
		return new GuardedStatement<>(this, statement);
	}

	@Override
	protected PreparedStatement guardPrepared(PreparedStatement statement, String sql) {
		return new GuardedPreparedStatement(this, statement, sql);
	}

	@Override
	protected CallableStatement guardCall(CallableStatement statement) {
		return ReportingProxy.of(statement, this);
	}

	@Override
	protected DatabaseMetaData guardMetaData(DatabaseMetaData metadata) {
		return ReportingProxy.of(metadata, this);
	}

	@Override
	protected Connection delegate() throws SQLException {
		Throwable death = this.death;
		if (death != null) {
			throw new ConnectionLostException(death);
		}
		this.transactionMayBeOpen |= !this.autoCommit;
		return this.physical;
	}

	/**
	 * Switching auto-commit on commits, as JDBC demands, whatever was done since the last
	 * transaction ended. The driver's own connection, if anyone has it, may have been
	 * used without our knowing. A dead connection on which nothing was done has nothing
	 * to commit: it is tidied up, as when HikariCP takes it back.
	 */
	@Override
	public void setAutoCommit(boolean autoCommit) throws SQLException {
		if (autoCommit) {
			if (!this.autoCommit && mayHaveToCommit()) {
				commit();
			}
			tidyUp((connection) -> connection.setAutoCommit(true));
			this.autoCommit = true;
			return;
		}
		Connection connection = delegate();
		try {
			connection.setAutoCommit(false);
		}
		catch (SQLException ex) {
			throw failed(ex);
		}
		this.autoCommit = false;
		began();
	}

	private boolean mayHaveToCommit() {
		if (isLost()) {
			return this.workMayBeOpen;
		}
		return this.driverExposed || (isClosedByDriver() ? this.workMayBeOpen : this.transactionMayBeOpen);
	}

	@Override
	public void transactionStarted() {
		if (!this.autoCommit) {
			began();
		}
	}

	private void began() {
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null) {
			ledger.began(this);
		}
	}

	private void ended(TransactionOutcome outcome) {
		nothingIsOpen();
		this.lockWaits.clear();
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null) {
			ledger.ended(this, outcome);
		}
	}

	private void nothingIsOpen() {
		this.transactionMayBeOpen = false;
		this.workMayBeOpen = false;
	}

	@Override
	public void commit() throws SQLException {
		Throwable death = this.death;
		if (this.inDoubt != null && !this.transactionMayBeOpen) {
			throw inDoubt(this.inDoubt);
		}
		if (death == null && isClosedByDriver()) {
			death = new ConnectionLostException(null);
			lost(death, NO_ANSWER, Phase.TRANSACTION);
		}
		if (death == null && this.commits.isSuperseded()) {
			death = new SQLException("The cluster has a new primary: what this one commits does not count", "08006");
			lost(death, OTHER_PRIMARY, Phase.TRANSACTION);
		}
		if (death != null) {
			throw notSent(death);
		}
		AttemptLedger ledger = AttemptLedger.current();
		boolean verify = ledger != null || this.pool.isVerifyingAll();
		long deadline = (ledger != null) ? ledger.deadline() : Long.MAX_VALUE;
		long start = System.nanoTime();
		CommitOutcome outcome = send(new CommitRequest(verify, this.readOnly, deadline));
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

	private SQLException notSent(Throwable death) {
		nothingIsOpen();
		SQLException failure = new TransactionNotCommittedException("the connection was lost before COMMIT was sent",
				death);
		return failed(failure);
	}

	private CommitOutcome send(CommitRequest request) throws SQLException {
		try {
			return this.commits.commit(this.physical, request);
		}
		catch (SQLException ex) {
			SQLException marked = failed(ex);
			// the server refused, which ends the transaction
			ended(TransactionOutcome.ROLLED_BACK);
			throw marked;
		}
		catch (RuntimeException | Error ex) {
			lost(ex, DRIVER_FAILED, Phase.COMMIT);
			ended(TransactionOutcome.UNKNOWN);
			throw ex;
		}
	}

	private void committed(CommitOutcome.Committed committed, long start) {
		ended(TransactionOutcome.COMMITTED);
		if (!this.readOnly) {
			wrote();
		}
		if (!committed.connectionLost()) {
			this.provenAt = start;
			return;
		}
		verified("committed", start);
		lostInCommit(new ConnectionLostException(null));
	}

	private void wrote() {
		PrimaryRequirement primary = this.pool.database().primary();
		if (!this.standby && !primary.isInForce()) {
			primary.wrote();
		}
	}

	private SQLException notCommitted(CommitOutcome.NotCommitted notCommitted, long start) {
		ended(TransactionOutcome.ROLLED_BACK);
		verified("not_committed", start);
		lostInCommit(notCommitted.cause());
		if (!BackendRelease.isEndedByServer(notCommitted.cause())) {
			backendAbandoned();
		}
		return new TransactionNotCommittedException(name(notCommitted.reason()), notCommitted.cause());
	}

	/**
	 * Only an unchecked exception of Spring's makes its transaction managers report that
	 * the outcome is unknown; a checked one makes some of them report a rollback.
	 */
	private SQLException unknown(CommitOutcome.Unknown unknown, boolean verify, long start) {
		ended(TransactionOutcome.UNKNOWN);
		if (verify) {
			verified("unknown", start);
		}
		lostInCommit(unknown.cause());
		TransactionOutcomeUnknownException exception = new TransactionOutcomeUnknownException(name(unknown.reason()),
				textOrNull(unknown.transaction()), textOrNull(unknown.statement()), unknown.cause());
		if (verify && AttemptLedger.current() == null) {
			log(exception);
		}
		this.inDoubt = exception;
		return inDoubt(exception);
	}

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

	private void lostInCommit(SQLException failure) {
		FailureVerdict verdict = this.pool.classify(failure);
		if (verdict.kind() != Kind.DISCONNECT) {
			verdict = new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION, "commit-failed");
		}
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null) {
			ledger.failed(this, failure, verdict);
		}
		lost(failure, verdict, Phase.COMMIT);
	}

	@Override
	public void rollback() throws SQLException {
		if (isLost()) {
			nothingIsOpen();
			return;
		}
		tidyUp(Connection::rollback);
		ended(TransactionOutcome.ROLLED_BACK);
	}

	@Override
	public void rollback(Savepoint savepoint) throws SQLException {
		tidyUp((connection) -> connection.rollback(savepoint));
		this.lockWaits.clear();
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null && !isLost()) {
			ledger.rolledBackToSavepoint(this);
		}
	}

	@Override
	public void releaseSavepoint(Savepoint savepoint) throws SQLException {
		tidyUp((connection) -> connection.releaseSavepoint(savepoint));
	}

	@Override
	public void setReadOnly(boolean readOnly) throws SQLException {
		tidyUp((connection) -> connection.setReadOnly(readOnly));
		this.readOnly = readOnly;
	}

	@Override
	public void setTransactionIsolation(int level) throws SQLException {
		tidyUp((connection) -> connection.setTransactionIsolation(level));
	}

	@Override
	public void setCatalog(String catalog) throws SQLException {
		tidyUp((connection) -> connection.setCatalog(catalog));
	}

	@Override
	public void setSchema(String schema) throws SQLException {
		tidyUp((connection) -> connection.setSchema(schema));
	}

	@Override
	public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
		tidyUp((connection) -> connection.setNetworkTimeout(executor, milliseconds));
	}

	@Override
	public void setClientInfo(String name, String value) throws SQLClientInfoException {
		try {
			super.setClientInfo(name, value);
		}
		catch (SQLClientInfoException ex) {
			failed(ex);
			throw ServerSideFailure.mark(ex);
		}
	}

	@Override
	public void setClientInfo(Properties properties) throws SQLClientInfoException {
		try {
			super.setClientInfo(properties);
		}
		catch (SQLClientInfoException ex) {
			failed(ex);
			throw ServerSideFailure.mark(ex);
		}
	}

	@Override
	public boolean getAutoCommit() {
		return this.autoCommit;
	}

	@Override
	public boolean isReadOnly() throws SQLException {
		return isLost() ? this.readOnly : this.physical.isReadOnly();
	}

	@Override
	public @Nullable SQLWarning getWarnings() throws SQLException {
		return isLost() ? null : this.physical.getWarnings();
	}

	/**
	 * HikariCP's last call on a connection that is returned, or the application's.
	 */
	@Override
	public void clearWarnings() throws SQLException {
		tidyUp(Connection::clearWarnings);
		this.usedAt = System.nanoTime();
	}

	/**
	 * Do what a dead connection need not do: if it is dead, or turns out to be, the next
	 * call that needs the server says so.
	 */
	private void tidyUp(Tidying call) throws SQLException {
		if (isLost()) {
			return;
		}
		try {
			call.on(this.physical);
		}
		catch (SQLException ex) {
			FailureVerdict verdict = this.pool.classify(ex);
			if (verdict.kind() != Kind.DISCONNECT) {
				throw failed(ex);
			}
			lost(ex, verdict, Phase.TRANSACTION);
		}
		catch (RuntimeException | Error ex) {
			lost(ex, DRIVER_FAILED, Phase.TRANSACTION);
			throw ex;
		}
	}

	/**
	 * Run {@code DISCARD ALL} outside of any transaction, and the initial SQL again.
	 * Never throws: the connection is given up instead.
	 */
	public void discardSessionState(@Nullable String initSql) {
		if (isLost()) {
			return;
		}
		long timeout = TimeUnit.SECONDS.toNanos(30);
		if (this.wire != null) {
			this.wire.deadline(System.nanoTime() + timeout);
		}
		try (Statement statement = this.physical.createStatement()) {
			boolean wasAutoCommit = this.physical.getAutoCommit();
			if (!wasAutoCommit) {
				this.physical.rollback();
				this.physical.setAutoCommit(true);
			}
			statement.execute("DISCARD ALL");
			if (initSql != null) {
				statement.execute(initSql);
			}
			this.physical.setAutoCommit(wasAutoCommit);
			if (this.wire != null) {
				this.wire.clearDeadline();
			}
		}
		catch (SQLException | RuntimeException ex) {
			FailureVerdict verdict = this.pool.classify(ex);
			lost(ex, (verdict.kind() == Kind.DISCONNECT) ? verdict
					: new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION, "reset-failed"), Phase.TRANSACTION);
		}
	}

	/**
	 * Let the physical connection go: it belongs to the caller from now on.
	 */
	public synchronized Connection detach() throws SQLException {
		Connection connection = delegate();
		this.detached = true;
		this.death = new ConnectionLostException(null);
		this.discardReason = "detached";
		return connection;
	}

	@Override
	public boolean isValid(int timeout) throws SQLException {
		if (isLost()) {
			return false;
		}
		if (isLent()) {
			return isValidForUser(timeout);
		}
		if (CheckoutMark.isUnderWay() || isFresh()) {
			return true; // HikariCP asks; the checkout decides, later
		}
		if (isOutOfStep()) {
			lost(new ConnectionLostException(null), OUT_OF_STEP, Phase.CHECKOUT);
			return false;
		}
		long limit = (timeout > 0) ? TimeUnit.SECONDS.toNanos(timeout) : this.pool.settings().pingTimeout().toNanos();
		return ask(System.nanoTime() + limit);
	}

	/**
	 * Let the driver answer, with the timeout that was asked for: it waits its turn while
	 * another thread runs a statement, which must not be cut short.
	 */
	private boolean isValidForUser(int timeout) throws SQLException {
		boolean valid = call((connection) -> connection.isValid(timeout));
		if (!valid && isClosedByDriver()) {
			lost(new ConnectionLostException(null), NO_ANSWER, Phase.TRANSACTION);
		}
		return valid;
	}

	private boolean isFresh() {
		return this.usedAt == this.openedAt && System.nanoTime() - this.openedAt <= pingAfter();
	}

	/**
	 * A connection that was just opened has proven itself by that.
	 */
	private long pingAfter() {
		long pingAfter = this.pool.settings().pingAfter().toNanos();
		return (this.usedAt == this.openedAt) ? Math.max(pingAfter, FRESH) : pingAfter;
	}

	@Override
	public boolean isClosed() throws SQLException {
		return this.physical.isClosed();
	}

	@Override
	public void close() throws SQLException {
		this.pool.remove(this, this.discardReason);
		if (this.detached) {
			return;
		}
		this.lease = null;
		if (this.wire != null) {
			if (isLost()) {
				this.wire.closeNow(); // or the driver's farewell might block
			}
			this.wire.deadline(System.nanoTime() + this.pool.settings().pingTimeout().toNanos());
		}
		Physical.close(this.physical, this.wire);
	}

	@Override
	public void abort(Executor executor) throws SQLException {
		abandon("aborted");
		this.pool.remove(this, "aborted");
		this.physical.abort(executor);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T unwrap(Class<T> type) throws SQLException {
		if (type.isInstance(this)) {
			return (T) this;
		}
		this.driverExposed = true;
		this.transactionMayBeOpen |= !this.autoCommit;
		this.workMayBeOpen |= !this.autoCommit;
		return this.physical.unwrap(type);
	}

	@Override
	public boolean isWrapperFor(Class<?> type) throws SQLException {
		return type.isInstance(this) || this.physical.isWrapperFor(type);
	}

	@Override
	public String toString() {
		return "Guarded[" + this.physical + "]";
	}

	private interface Tidying {

		void on(Connection connection) throws SQLException;

	}

	/**
	 * What came of lending a connection.
	 */
	public enum Lending {

		/**
		 * It is lent.
		 */
		LENT,

		/**
		 * It must be discarded.
		 */
		UNFIT,

		/**
		 * There was no time left to ask it.
		 */
		OUT_OF_TIME

	}

}
