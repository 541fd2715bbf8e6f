package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import com.zaxxer.hikari.HikariConfig;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import io.github.resilientdb.pool.socket.WireSocket;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The connections of a pool on a database in memory, without HikariCP, and what its
 * listener is told.
 */
final class TestRegistry extends PoolEvents implements AutoCloseable {

	/**
	 * Long enough for no connection of a test to have been idle for it.
	 */
	static final Duration PING_AFTER = Duration.ofHours(1);

	private final FakeDatabase fake = new FakeDatabase();

	private final Database database;

	private final ConnectionRegistry connections;

	private volatile @Nullable SQLException refusal;

	private Runnable onPing = () -> {
	};

	TestRegistry() {
		this(PrePing.ALWAYS, RequirePrimary.AUTO, false);
	}

	TestRegistry(PrePing prePing, RequirePrimary requirePrimary, boolean verifyAll) {
		this(prePing, requirePrimary, verifyAll, Duration.ofSeconds(5));
	}

	TestRegistry(PrePing prePing, RequirePrimary requirePrimary, boolean verifyAll, Duration pingTimeout) {
		HikariConfig config = new HikariConfig();
		config.setPoolName("bank");
		config.setDataSource(new DelegatingDataSource(this.fake) {
			@Override
			public Connection getConnection() throws SQLException {
				SQLException refusal = TestRegistry.this.refusal;
				if (refusal != null) {
					throw refusal;
				}
				return super.getConnection();
			}
		});
		PoolSettings settings = new PoolSettings(null, null, null, prePing, PING_AFTER, pingTimeout, PoolMode.POOLED,
				ResetOnReturn.ROLLBACK, requirePrimary, true, null);
		FailureClassifier classifier = new FailureClassifier(List::of);
		this.database = new Database(config, settings, (failure) -> verdict(classifier, failure), this, () -> true);
		this.connections = new ConnectionRegistry(() -> "bank", settings, verifyAll,
				(failure) -> verdict(classifier, failure), this, this.database);
	}

	private static FailureVerdict verdict(FailureClassifier classifier, Throwable failure) {
		return classifier.classify(failure).verdict();
	}

	ConnectionRegistry connections() {
		return this.connections;
	}

	/**
	 * The connection that was opened last, as the server sees it.
	 */
	FakeDatabase.Session server() {
		return this.fake.session();
	}

	/**
	 * A connection as the server sees it.
	 */
	FakeDatabase.Session server(GuardedSession session) {
		return this.fake.sessions()
			.stream()
			.filter((server) -> server.connection == session.physical().connection())
			.findFirst()
			.orElseThrow();
	}

	/**
	 * What the listener was told.
	 */
	List<String> told() {
		return list();
	}

	/**
	 * Have something happen as soon as the server has answered.
	 */
	void onPing(Runnable onPing) {
		this.onPing = onPing;
	}

	/**
	 * Let nobody in any more.
	 */
	void refuse(SQLException failure) {
		this.refusal = failure;
	}

	/**
	 * Open a connection that the pool knows.
	 */
	GuardedConnection open(FakeCommits commits) throws SQLException {
		return this.connections.guard(physical(false), commits, this.connections.generation());
	}

	/**
	 * Open a connection that the pool knows, on a socket of ours.
	 */
	GuardedConnection open(FakeCommits commits, WireSocket wire, String address) throws SQLException {
		return this.connections.guard(new Physical(this.fake.getConnection(), wire, false, address), commits,
				this.connections.generation());
	}

	/**
	 * Open a connection that was opened some time ago.
	 */
	GuardedSession session(FakeCommits commits, boolean standby, Duration age, Duration expiresAfter)
			throws SQLException {
		ProofOfLife proof = new ProofOfLife(this.connections.generations(), this.connections.generation(),
				System.nanoTime() - age.toNanos(), expiresAfter.toNanos());
		return new GuardedSession("connection", this.connections, physical(standby), commits, proof);
	}

	GuardedSession session(FakeCommits commits) throws SQLException {
		return session(commits, false, Duration.ZERO, Duration.ofDays(1));
	}

	private Physical physical(boolean standby) {
		return new Physical(this.fake.getConnection(), null, standby, null);
	}

	@Override
	public void pinged(String pool, boolean alive, Duration took) {
		super.pinged(pool, alive, took);
		this.onPing.run();
	}

	@Override
	public void close() {
		this.connections.close();
		this.database.close();
	}

}
