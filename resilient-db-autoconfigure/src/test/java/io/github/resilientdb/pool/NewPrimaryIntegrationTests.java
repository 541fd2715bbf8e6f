package io.github.resilientdb.pool;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A cluster gets a new primary, and the old one does not know it: nothing fences it.
 */
class NewPrimaryIntegrationTests {

	// later than an answer that may still be ordinary
	private static final Duration LATE = Duration.ofSeconds(2);

	@Test
	void whatLeadsToTheOldPrimaryIsDiscarded() throws Exception {
		discard(VerificationMode.XID);
	}

	@Test
	@Tag("soak")
	void aLateCommitOfTheOldPrimaryIsLookedUpByItsMarker() throws Exception {
		discard(VerificationMode.MARKER);
	}

	private static void discard(VerificationMode verification) throws Exception {
		try (EmbeddedPostgresServer old = PostgresServer.embedded().start()) {
			old.execute("create table t (i int)", """
					create function slow() returns trigger language plpgsql as
					$$ begin perform pg_advisory_xact_lock(1); return null; end $$""",
					"create constraint trigger slow after insert on t deferrable initially deferred "
							+ "for each row when (new.i = 2) execute function slow()");
			if (verification == VerificationMode.MARKER) {
				old.execute(
						new ClassPathResource("io/github/resilientdb/commit/postgresql/resilientdb-commit-marker.sql")
							.getContentAsString(StandardCharsets.UTF_8));
			}
			try (EmbeddedPostgresServer standby = PostgresServer.streamingStandbyOf(old);
					FaultProxy proxy = FaultProxy.inFrontOf(old);
					Connection holder = old.connect()) {
				TestPool.execute(holder, "select pg_advisory_lock(1)");
				standby.start();
				String url = "jdbc:postgresql://127.0.0.1:%d,%s:%d/%s?targetServerType=primary".formatted(proxy.port(),
						standby.host(), standby.port(), old.database());
				try (TestPool pool = TestPool.to(url, old.username(), old.password())
					.verification(verification)
					.silence(Duration.ofMillis(500))
					.pingAfter(Duration.ofMinutes(1)) // or a slow machine makes pings of
														// its own
					.hikari((config) -> config.setMinimumIdle(0))
					.size(4)
					.build(); Connection writing = pool.borrow(); Connection committing = pool.borrow()) {
					pool.borrow().close();
					assertThat(port(writing)).isEqualTo(old.port());
					writing.setAutoCommit(false);
					TestPool.execute(writing, "insert into t values (1)");
					Awaitility.await()
						.until(() -> standby.queryForInt("select count(*) from pg_class where relname = 't'") == 1);
					standby.promote();
					Running<SQLException> late = commitLate(old, committing);
					long waiting = System.nanoTime();
					proxy.refuse();
					try (Connection known = pool.borrow(); Connection opened = pool.borrow()) {
						assertThat(port(known)).isEqualTo(old.port());
						assertThat(port(opened)).isEqualTo(standby.port());
					}
					proxy.accept();
					try (Connection one = pool.borrow(); Connection other = pool.borrow()) {
						assertThat(port(one)).isEqualTo(standby.port());
						assertThat(port(other)).isEqualTo(standby.port());
					}
					assertThat(pool.count("discarded superseded")).isOne();
					assertThat(pool.count("pinged")).isZero();
					SQLException refused = catchThrowableOfType(SQLException.class, writing::commit);
					assertThat((Throwable) refused).hasStackTraceContaining("The cluster has a new primary");
					assertThat(old.queryForInt("select count(*) from t where i = 1")).isZero();
					// answered by the old primary, long after another one was reached
					Awaitility.await().until(() -> System.nanoTime() - waiting > LATE.toNanos());
					TestPool.execute(holder, "select pg_advisory_unlock(1)");
					SQLException failure = late.result();
					assertThat((Throwable) failure).hasStackTraceContaining("COMMIT was answered late");
					assertThat(old.queryForInt("select count(*) from t where i = 2")).isOne();
					assertThat(standby.queryForInt("select count(*) from t where i = 2")).isZero();
					if (verification == VerificationMode.MARKER) {
						assertThat(failure.getClass().getSimpleName()).isEqualTo("TransactionNotCommittedException");
					}
				}
			}
		}
	}

	/**
	 * A COMMIT that takes until somebody lets go of a lock, at the old primary.
	 */
	private static Running<SQLException> commitLate(EmbeddedPostgresServer old, Connection connection)
			throws SQLException {
		connection.setAutoCommit(false);
		TestPool.execute(connection, "insert into t values (2)");
		Running<SQLException> running = ThreadKind.PLATFORM
			.start(() -> catchThrowableOfType(SQLException.class, connection::commit));
		Awaitility.await()
			.until(() -> old.queryForInt("select count(*) from pg_stat_activity where wait_event = 'advisory'") == 1);
		return running;
	}

	private static int port(Connection connection) throws SQLException {
		return TestPool.queryForInt(connection, "select inet_server_port()");
	}

}
