package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import org.jspecify.annotations.Nullable;

/**
 * A database whose connections go through a proxy and commit by a protocol, as those of a
 * pool do.
 */
final class Bank implements AutoCloseable {

	static final long NO_DEADLINE = Long.MAX_VALUE;

	/**
	 * How long an outcome is searched for, unless that is what a test is about.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private PostgresServer server;

	private boolean shared;

	private final FaultProxy proxy;

	private final String database;

	private final Properties properties = new Properties();

	private final AtomicInteger verificationConnections = new AtomicInteger();

	private final AtomicInteger openVerificationConnections = new AtomicInteger();

	private final AtomicInteger mostVerificationConnections = new AtomicInteger();

	private final List<Duration> verifications = new CopyOnWriteArrayList<>();

	private final AtomicInteger fenced = new AtomicInteger();

	private final CommitProtocol protocol;

	private final AtomicReference<@Nullable Runnable> beforeVerification = new AtomicReference<>();

	private @Nullable Supplier<String> verificationUrl;

	private @Nullable String verificationUser;

	private LongSupplier lastAnswer = System::nanoTime;

	Bank(PostgresServer server, VerificationMode mode) {
		this(server, CommitSettings.of(mode, PATIENCE, true));
	}

	Bank(PostgresServer server, CommitSettings settings) {
		this.server = server;
		this.proxy = FaultProxy.inFrontOf(server);
		this.database = server.createDatabase();
		this.properties.put("user", server.username());
		this.properties.put("password", server.password());
		execute("CREATE TABLE account (id bigint PRIMARY KEY, balance int NOT NULL DEFAULT 0)",
				"INSERT INTO account (id) VALUES (1)");
		if (settings.verification() == VerificationMode.MARKER || settings.verification() == VerificationMode.AUTO) {
			execute(MarkerDdl.text());
		}
		this.protocol = CommitProtocols.create(settings, this::openVerification, new CountingListener());
	}

	/**
	 * A bank in a database of its own on the server that the tests share, dropped in the
	 * end.
	 */
	static Bank onSharedServer(VerificationMode mode) {
		return onSharedServer(CommitSettings.of(mode, PATIENCE, true));
	}

	static Bank onSharedServer(CommitSettings settings) {
		Bank bank = new Bank(PostgresServer.shared(), settings);
		bank.shared = true;
		return bank;
	}

	Bank with(String property, String value) {
		this.properties.put(property, value);
		return this;
	}

	Bank verifyingAs(String user) {
		this.verificationUser = user;
		return this;
	}

	Bank verifyingAt(Supplier<String> url) {
		this.verificationUrl = url;
		return this;
	}

	/**
	 * Say when the connections of the tellers last brought an answer; just now, if
	 * nothing is said.
	 */
	Bank lastAnswer(LongSupplier lastAnswer) {
		this.lastAnswer = lastAnswer;
		return this;
	}

	/**
	 * From now on the database is on another server.
	 */
	void moveTo(PostgresServer server) {
		this.server = server;
	}

	String url(PostgresServer server) {
		return server.jdbcUrl(this.database);
	}

	/**
	 * Have something happen between the loss and the first question.
	 */
	Bank beforeVerification(Runnable action) {
		this.beforeVerification.set(action);
		return this;
	}

	String url() {
		return this.server.jdbcUrl(this.database);
	}

	String database() {
		return this.database;
	}

	Connection openVerification(long deadlineNanos) throws SQLException {
		Runnable action = this.beforeVerification.getAndSet(null);
		if (action != null) {
			action.run();
		}
		long millis = Math.max(TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()), 1);
		Properties own = new Properties();
		own.putAll(this.properties);
		own.put("connectTimeout", String.valueOf(Math.max(millis / 1000, 1)));
		own.put("socketTimeout", String.valueOf(Math.max(millis / 1000, 1)));
		if (this.verificationUser != null) {
			own.put("user", this.verificationUser);
		}
		Connection connection = DriverManager
			.getConnection((this.verificationUrl != null) ? this.verificationUrl.get() : url(), own);
		connection.setNetworkTimeout(Runnable::run, (int) millis);
		this.verificationConnections.incrementAndGet();
		this.mostVerificationConnections.accumulateAndGet(this.openVerificationConnections.incrementAndGet(),
				Math::max);
		return Closing.of(connection, this.openVerificationConnections::decrementAndGet);
	}

	FaultProxy proxy() {
		return this.proxy;
	}

	CommitProtocol protocol() {
		return this.protocol;
	}

	void execute(String... statements) {
		try (Connection connection = connect(url()); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Connection connect(String url) throws SQLException {
		Properties own = new Properties();
		own.put("user", this.server.username());
		own.put("password", this.server.password());
		return DriverManager.getConnection(url, own);
	}

	int count(String query) {
		try (Connection connection = connect(url());
				Statement statement = connection.createStatement();
				var rows = statement.executeQuery(query)) {
			rows.next();
			return rows.getInt(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	int rows(long id) {
		return count("SELECT count(*) FROM account WHERE id = " + id);
	}

	int verificationConnections() {
		return this.verificationConnections.get();
	}

	int openVerificationConnections() {
		return this.openVerificationConnections.get();
	}

	int mostVerificationConnections() {
		return this.mostVerificationConnections.get();
	}

	List<Duration> verifications() {
		return this.verifications;
	}

	int fenced() {
		return this.fenced.get();
	}

	/**
	 * Open a connection through the proxy.
	 */
	Teller teller() throws SQLException {
		return teller(this.proxy.jdbcUrl(this.database));
	}

	Teller teller(String url) throws SQLException {
		Connection physical = DriverManager.getConnection(url, this.properties);
		CommitSession session = this.protocol.open(physical, this.lastAnswer);
		physical.setAutoCommit(false);
		return new Teller(physical, session);
	}

	/**
	 * Open a connection through the proxy, without asking the server for anything.
	 */
	Teller lazyTeller() throws SQLException {
		Connection physical = DriverManager.getConnection(this.proxy.jdbcUrl(this.database), this.properties);
		CommitSession session = this.protocol.openLazily(physical, this.lastAnswer);
		physical.setAutoCommit(false);
		return new Teller(physical, session);
	}

	@Override
	public void close() {
		this.proxy.close();
		if (this.shared) {
			this.server.dropDatabase(this.database);
		}
	}

	private final class CountingListener implements CommitListener {

		@Override
		public void verified(CommitOutcome outcome, Duration elapsed) {
			Bank.this.verifications.add(elapsed);
		}

		@Override
		public void fenced() {
			Bank.this.fenced.incrementAndGet();
		}

	}

	/**
	 * One connection with its session.
	 */
	record Teller(Connection connection, CommitSession session) implements AutoCloseable {

		Teller execute(String... statements) throws SQLException {
			try (Statement statement = this.connection.createStatement()) {
				for (String sql : statements) {
					statement.execute(sql);
				}
			}
			return this;
		}

		/**
		 * What a transaction of the speed budget does: an update and an insert.
		 */
		Teller transfer(long id) throws SQLException {
			try (PreparedStatement update = this.connection
				.prepareStatement("UPDATE account SET balance = balance + 1 WHERE id = 1");
					PreparedStatement insert = this.connection
						.prepareStatement("INSERT INTO account (id) VALUES (?)")) {
				update.executeUpdate();
				insert.setLong(1, id);
				insert.executeUpdate();
			}
			return this;
		}

		long xid() throws SQLException {
			try (Statement statement = this.connection.createStatement();
					var rows = statement.executeQuery("SELECT txid_current_if_assigned()")) {
				rows.next();
				return rows.getLong(1);
			}
		}

		CommitOutcome commit() throws SQLException {
			return commit(NO_DEADLINE);
		}

		CommitOutcome commit(long deadlineNanos) throws SQLException {
			return this.session.commit(this.connection, new CommitRequest(true, false, deadlineNanos));
		}

		@Override
		public void close() throws SQLException {
			this.connection.close();
		}

	}

}
