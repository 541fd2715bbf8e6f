package io.github.resilientdb.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.github.resilientdb.testsupport.PostgresServer.Capability;
import io.github.resilientdb.testsupport.PostgresServer.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PostgresServer}, run against each kind of server.
 */
class PostgresServerIntegrationTests {

	private final PostgresServer server = PostgresServer.shared();

	@ParameterizedTest
	@EnumSource(Mode.class)
	void keepsAddressAndDataWhenRestarted(Mode mode) throws SQLException {
		this.server.assumeSupports(Capability.RESTART);
		String schema = this.server.createSchema();
		this.server.execute("create table %s.t as select 42 as answer".formatted(schema));
		try (Connection connection = this.server.connect()) {
			this.server.restart(mode);
			assertThat(connection.isValid(1)).isFalse();
		}
		assertThat(this.server.queryForInt("select answer from %s.t".formatted(schema))).isEqualTo(42);
	}

	@Test
	void refusesConnectionsWhileStopped() {
		this.server.assumeSupports(Capability.RESTART);
		this.server.stop(Mode.FAST);
		try {
			assertThat(this.server.isRunning()).isFalse();
			assertThatExceptionOfType(SQLException.class).isThrownBy(this.server::connect)
				.satisfies((ex) -> assertThat(ex.getSQLState()).startsWith("08"));
		}
		finally {
			this.server.start();
		}
		assertThat(this.server.isRunning()).isTrue();
	}

	@Test
	void crashEndsAllSessionsButThePostmaster() throws SQLException {
		this.server.assumeSupports(Capability.CRASH);
		String started = this.server.queryForString("select pg_postmaster_start_time()");
		try (Connection connection = this.server.connect()) {
			this.server.crashBackend();
			assertThat(connection.isValid(1)).isFalse();
		}
		assertThat(this.server.queryForString("select pg_postmaster_start_time()")).isEqualTo(started);
	}

	@Test
	void answersNothingWhilePaused() throws SQLException {
		this.server.assumeSupports(Capability.PAUSE);
		try (Connection connection = this.server.connect(); Connection other = this.server.connect()) {
			this.server.pause();
			try {
				long before = System.nanoTime();
				assertThat(connection.isValid(1)).isFalse();
				assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(900));
			}
			finally {
				this.server.resume();
			}
			assertThat(other.isValid(30)).isTrue();
		}
	}

	@Test
	void terminatesSessionsByApplicationAndByPid() throws SQLException {
		this.server.assumeSupports(Capability.TERMINATE);
		try (Connection one = open("one"); Connection two = open("two")) {
			assertThat(this.server.terminateBackends("one")).isEqualTo(1);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> one.createStatement().execute("select 1"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
			assertThat(two.isValid(30)).isTrue();
			int pid = this.server
				.queryForInt("select pid from pg_stat_activity where application_name = 'two' limit 1");
			assertThat(this.server.terminateBackend(pid)).isTrue();
			assertThat(two.isValid(1)).isFalse();
		}
	}

	@Test
	void terminatesAllOtherSessions() throws SQLException {
		this.server.assumeSupports(Capability.TERMINATE);
		try (Connection connection = open("any")) {
			assertThat(this.server.terminateBackends()).isPositive();
			assertThat(connection.isValid(1)).isFalse();
		}
	}

	@Test
	void givesEachTestADatabaseOfItsOwn() throws SQLException {
		this.server.assumeSupports(Capability.SUPERUSER);
		String name = this.server.createDatabase();
		try (Connection connection = DriverManager.getConnection(this.server.jdbcUrl(name), this.server.username(),
				this.server.password()); Statement statement = connection.createStatement()) {
			statement.execute("create table t ()");
			assertThat(connection.getCatalog()).isEqualTo(name);
		}
		finally {
			this.server.dropDatabase(name);
		}
		assertThat(this.server.queryForInt("select count(*) from pg_database where datname = '" + name + "'")).isZero();
	}

	@Test
	void commitsSynchronouslyAndCanPrepareTransactions() {
		this.server.assumeSupports(Capability.RESTART);
		assertThat(this.server.queryForString("show synchronous_commit")).isEqualTo("on");
		assertThat(this.server.queryForInt("show max_prepared_transactions")).isEqualTo(10);
	}

	@Test
	void isTheSameForEveryone() {
		assertThat(PostgresServer.shared()).isSameAs(this.server);
	}

	@ParameterizedTest
	@ValueSource(strings = { "14", "18" })
	void runsSeveralVersions(String version) {
		EmbeddedPostgresServer.Builder builder = PostgresServer.embedded().setting("work_mem", "3MB");
		try (EmbeddedPostgresServer own = ("18".equals(version) ? builder : builder.version(version)).start()) {
			assertThat(own.queryForString("show server_version")).startsWith(version);
			assertThat(own.queryForString("show work_mem")).isEqualTo("3MB");
			own.restart(Mode.IMMEDIATE);
			assertThat(own.log()).contains("database system was not properly shut down");
		}
	}

	@Test
	void runsTheSystemsServer() {
		try (EmbeddedPostgresServer own = PostgresServer.embedded()
			.installedIn("/usr/lib/postgresql/15")
			.tls()
			.start()) {
			assertThat(own.queryForString("show server_version")).startsWith("15");
			assertThat(own.queryForString("show ssl")).isEqualTo("on");
		}
	}

	@Test
	void offersTls() throws SQLException {
		try (EmbeddedPostgresServer own = PostgresServer.embedded().tls().start();
				Connection connection = DriverManager.getConnection(own.jdbcUrl() + "?sslmode=require", own.username(),
						own.password());
				Statement statement = connection.createStatement()) {
			assertThat(statement.executeQuery("select from pg_stat_ssl where pid = pg_backend_pid() and ssl").next())
				.isTrue();
		}
	}

	@Test
	void asksForThePassword() throws SQLException {
		try (EmbeddedPostgresServer own = PostgresServer.embedded().authentication().start()) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(own.jdbcUrl(), own.username(), "wrong"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("28P01"));
		}
	}

	@Test
	void coldStandbyIsPromotedWithoutWhatCameLater() {
		try (EmbeddedPostgresServer primary = PostgresServer.embedded().start()) {
			primary.execute("create table t (id int)", "insert into t values (1)");
			try (EmbeddedPostgresServer standby = PostgresServer.standbyOf(primary)) {
				primary.execute("insert into t values (2)");
				standby.start();
				assertThat(standby.queryForString("select pg_is_in_recovery()")).isEqualTo("t");
				standby.promote();
				assertThat(standby.queryForInt("select count(*) from t")).isEqualTo(1);
				standby.execute("insert into t values (3)");
			}
		}
	}

	@Test
	void streamingStandbyReceivesWhatComesLater() {
		try (EmbeddedPostgresServer primary = PostgresServer.embedded().start()) {
			primary.execute("create table t (id int)");
			try (EmbeddedPostgresServer standby = PostgresServer.streamingStandbyOf(primary)) {
				standby.start();
				primary.execute("insert into t values (2)");
				Conditions.await("replication", PostgresServer.PATIENCE,
						() -> standby.queryForInt("select count(*) from t") == 1);
				primary.stop(Mode.IMMEDIATE);
				standby.promote();
				standby.execute("insert into t values (3)");
			}
		}
	}

	private Connection open(String application) throws SQLException {
		return DriverManager.getConnection(this.server.jdbcUrl() + "?ApplicationName=" + application,
				this.server.username(), this.server.password());
	}

}
