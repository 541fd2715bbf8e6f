package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.CommitProtocols;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.guard.ConnectionRegistry;
import io.github.resilientdb.pool.guard.PoolEvents;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import io.github.resilientdb.testsupport.PostgresServer;
import org.jspecify.annotations.Nullable;

/**
 * A guarded pool without Spring, and what it reports.
 */
final class TestPool implements AutoCloseable {

	private final HikariDataSource dataSource;

	private final PoolEvents events = new PoolEvents();

	private TestPool(Builder builder) {
		FailureClassifier classifier = new FailureClassifier(List::of);
		HikariTakeover takeover = new HikariTakeover((failure) -> classifier.classify(failure).verdict(), this.events,
				true);
		CommitSettings commits = CommitSettings.of(builder.verification, Duration.ofSeconds(5), true);
		this.dataSource = takeover.takeOver(builder.config, builder.settings(),
				(connections) -> CommitProtocols.create(commits, connections, CommitListener.NONE));
	}

	static Builder to(PostgresServer server, String url) {
		return to(url, server.username(), server.password());
	}

	static Builder to(String url, String username, String password) {
		return new Builder(url, username, password);
	}

	/**
	 * A pool of connections that come from somewhere else than a server.
	 */
	static Builder of(DataSource dataSource) {
		return new Builder(dataSource);
	}

	HikariDataSource dataSource() {
		return this.dataSource;
	}

	ConnectionPool operations() {
		return (ConnectionPool) this.dataSource;
	}

	ConnectionRegistry connections() {
		return ((GuardedHikariDataSource) this.dataSource).connections();
	}

	Database database() {
		return ((GuardedHikariDataSource) this.dataSource).database();
	}

	Connection borrow() throws SQLException {
		return this.dataSource.getConnection();
	}

	/**
	 * Borrow that many connections at once and give them back.
	 */
	void fill(int connections) throws SQLException {
		Connection[] borrowed = new Connection[connections];
		for (int i = 0; i < connections; i++) {
			borrowed[i] = borrow();
		}
		for (Connection connection : borrowed) {
			connection.close();
		}
	}

	int backend() throws SQLException {
		try (Connection connection = borrow()) {
			return backend(connection);
		}
	}

	static int backend(Connection connection) throws SQLException {
		return queryForInt(connection, "select pg_backend_pid()");
	}

	static int queryForInt(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getInt(1);
		}
	}

	static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	long count(String event) {
		return this.events.count(event);
	}

	List<String> events() {
		return this.events.list();
	}

	/**
	 * Wait for connections that long from now on. A pool that is to be impatient is
	 * better made so when it has its connections.
	 */
	void patience(Duration timeout) {
		this.dataSource.setConnectionTimeout(timeout.toMillis());
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

	static final class Builder {

		private final HikariDataSource config = new HikariDataSource();

		private VerificationMode verification = VerificationMode.NONE;

		private @Nullable Integer size = 8;

		private @Nullable Duration timeout = Duration.ofSeconds(10);

		private @Nullable Duration recycle;

		private PrePing prePing = PrePing.ALWAYS;

		private Duration pingAfter = Duration.ofMillis(500);

		private Duration pingTimeout = Duration.ofSeconds(1);

		private PoolMode mode = PoolMode.POOLED;

		private ResetOnReturn resetOnReturn = ResetOnReturn.ROLLBACK;

		private RequirePrimary requirePrimary = RequirePrimary.AUTO;

		private boolean failover = true;

		private @Nullable Duration silence = Duration.ofSeconds(5);

		private Builder(String url, String username, String password) {
			this.config.setJdbcUrl(url);
			this.config.setUsername(username);
			this.config.setPassword(password);
		}

		private Builder(DataSource dataSource) {
			this.config.setDataSource(dataSource);
			this.config.setMinimumIdle(0);
		}

		private PoolSettings settings() {
			return new PoolSettings(this.size, this.timeout, this.recycle, this.prePing, this.pingAfter,
					this.pingTimeout, this.mode, this.resetOnReturn, this.requirePrimary, this.failover, this.silence);
		}

		Builder hikari(Consumer<HikariDataSource> customizer) {
			customizer.accept(this.config);
			return this;
		}

		Builder verification(VerificationMode verification) {
			this.verification = verification;
			return this;
		}

		Builder size(int size) {
			this.size = size;
			return this;
		}

		Builder timeout(Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		Builder recycle(Duration recycle) {
			this.recycle = recycle;
			return this;
		}

		Builder prePing(PrePing prePing) {
			this.prePing = prePing;
			return this;
		}

		Builder pingAfter(Duration pingAfter) {
			this.pingAfter = pingAfter;
			return this;
		}

		Builder pingTimeout(Duration pingTimeout) {
			this.pingTimeout = pingTimeout;
			return this;
		}

		Builder mode(PoolMode mode) {
			this.mode = mode;
			return this;
		}

		Builder resetOnReturn(ResetOnReturn resetOnReturn) {
			this.resetOnReturn = resetOnReturn;
			return this;
		}

		Builder requirePrimary(RequirePrimary requirePrimary) {
			this.requirePrimary = requirePrimary;
			return this;
		}

		Builder failover(boolean failover) {
			this.failover = failover;
			return this;
		}

		Builder silence(@Nullable Duration silence) {
			this.silence = silence;
			return this;
		}

		TestPool build() {
			return new TestPool(this);
		}

	}

}
