package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.Deadline;
import io.github.resilientdb.commit.Verification;
import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.commit.VerificationGate;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.testsupport.CapturedLog;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PostgresCommitDialect}.
 */
@ExtendWith(CapturedLog.Extension.class)
class PostgresCommitDialectTests {

	private static final ContinuityToken OLD = new ContinuityToken("cluster", "00000001", "100", "200");

	private static final ContinuityToken PROMOTED = new ContinuityToken("cluster", "00000002", "100", "300");

	private static final BackendFence.Backend PROCESS = new BackendFence.Backend(7, "1000", 0, 0);

	private final FakePostgres postgres = new FakePostgres().withMarker()
		.answer("version()", FakePostgres.row("PostgreSQL 18"))
		.answer("clock_timestamp()", FakePostgres.row("1"))
		.answer("pg_terminate_backend", FakePostgres.row("true"));

	private final FakeConnections connections = new FakeConnections();

	private final List<Long> decisions = new ArrayList<>();

	private final PostgresCommitDialect dialect = dialect(VerificationMode.MARKER, true);

	private PostgresCommitDialect dialect(VerificationMode mode, boolean fence) {
		return new PostgresCommitDialect(CommitSettings.of(mode, Duration.ofSeconds(5), fence),
				new VerificationGate(this.connections), CommitListener.NONE, this.decisions::add);
	}

	private PostgresCommitSession open(int pid, ContinuityToken token) throws SQLException {
		this.postgres.server(FakePostgres.state(pid, false, token));
		return (PostgresCommitSession) this.dialect.open(this.postgres.connect(0), null);
	}

	@Test
	void supportsConnectionsOfItsDriverOnly() throws SQLException {
		Connection other = new FakeDatabase().getConnection();
		assertThat(this.dialect.supports(this.postgres.connect(0))).isTrue();
		assertThat(this.dialect.supports(other)).isFalse();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.dialect.openLazily(other, null));
	}

	@Test
	void newPrimaryIsAnnouncedOnce(CapturedLog log) throws SQLException {
		PostgresCommitSession old = open(FakePostgres.PID, OLD);
		open(FakePostgres.PID, OLD);
		assertThat(this.connections.primaryChanges).isZero();
		open(FakePostgres.PID, PROMOTED);
		open(FakePostgres.PID, PROMOTED);
		assertThat(this.connections.primaryChanges).isOne();
		assertThat(log.toString()).startsWith("INFO The cluster has a new primary, on timeline 00000002")
			.hasLineCount(1);
		assertThat(old.isSuperseded()).isTrue();
	}

	@Test
	void primaryOfThePastIsRefusedUntilTheServersAreForgotten() throws SQLException {
		open(FakePostgres.PID, OLD);
		open(FakePostgres.PID, PROMOTED);
		assertThatExceptionOfType(SupersededServerException.class).isThrownBy(() -> open(FakePostgres.PID, OLD));
		this.dialect.forgetServers();
		assertThat(open(FakePostgres.PID, OLD).isSuperseded()).isFalse();
	}

	@Test
	void serverBehindAPoolerSaysNothingOfOthers() throws SQLException {
		open(FakePostgres.PID, OLD);
		open(7, PROMOTED);
		assertThat(this.connections.primaryChanges).isZero();
		assertThat(open(FakePostgres.PID, OLD).isSuperseded()).isFalse();
	}

	@Test
	void serverThatMayNotBeAskedIsNotIdentified() throws SQLException {
		this.postgres.answer("SELECT ", FakePostgres.failure("57014"));
		PostgresCommitSession session = (PostgresCommitSession) this.dialect.open(this.postgres.connect(0), null);
		assertThat(session.isPooled()).isFalse();
		assertThat(session.committingProcess()).isNull();
	}

	@Test
	void answerIsDoubtedOnlyIfItCameLate() throws SQLException {
		open(FakePostgres.PID, OLD);
		long sent = System.nanoTime();
		open(FakePostgres.PID, PROMOTED);
		this.connections.patience = Duration.ofHours(1).toNanos();
		assertThat(this.dialect.isDoubtful(sent, OLD)).isFalse();
		this.connections.patience = 0;
		assertThat(this.dialect.isDoubtful(sent, OLD)).isTrue();
		assertThat(this.dialect.isDoubtful(sent, PROMOTED)).isFalse();
		assertThat(this.dialect.isDoubtful(System.nanoTime(), OLD)).as("superseded").isTrue();
	}

	@Test
	void asksForADecisionUntilThereIsOne() throws SQLException {
		assertThat(this.dialect.choice()).isNull();
		assertThat(this.dialect.method(1)).isNull();
		assertThat(this.dialect.method(2)).isNull();
		assertThat(this.dialect.choose(this.postgres.connect(0), false).verification()).isEqualTo(Verification.MARKER);
		assertThat(this.dialect.method(3)).isInstanceOf(MarkerCommit.class).isSameAs(this.dialect.method(4));
		assertThat(this.decisions).containsExactly(1L, 2L);
	}

	@Test
	void commitsWithoutAMethodIfNoVerificationIsWanted() throws SQLException {
		PostgresCommitDialect none = dialect(VerificationMode.NONE, true);
		assertThat(none.choose(this.postgres.connect(0), false).verification()).isEqualTo(Verification.NONE);
		assertThat(none.method(1)).isNull();
		assertThat(this.decisions).isEmpty();
	}

	@Test
	void releasesAProcessOnAConnectionOfItsOwn() {
		assertThat(this.dialect.release(PROCESS, Long.MAX_VALUE)).isTrue();
		assertThat(this.postgres.log()).last().isEqualTo("ROLLBACK");
		assertThat(this.postgres.open()).isZero();
	}

	@Test
	void releasesNothingIfThatIsNotAllowed() {
		assertThat(dialect(VerificationMode.MARKER, false).release(PROCESS, Long.MAX_VALUE)).isFalse();
		assertThat(this.postgres.log()).isEmpty();
	}

	@Test
	void failureToReleaseIsNobodysFailure() {
		this.postgres.answer("pg_terminate_backend", FakePostgres.failure("08006"));
		assertThat(this.dialect.release(PROCESS, Long.MAX_VALUE)).isFalse();
		assertThat(this.postgres.open()).isZero();
	}

	@Test
	void cleansNothingUpBeforeThereIsAMarkerTable() throws SQLException {
		assertThat(this.dialect.cleanUp(this.postgres.connect(0), Deadline.after(Duration.ofMinutes(1)))).isZero();
		assertThat(this.postgres.log()).isEmpty();
	}

	private final class FakeConnections implements VerificationConnections {

		private int primaryChanges;

		private long patience;

		@Override
		public Connection open(long deadlineNanos) {
			return PostgresCommitDialectTests.this.postgres.connect(deadlineNanos);
		}

		@Override
		public void primaryChanged() {
			this.primaryChanges++;
		}

		@Override
		public long patience() {
			return this.patience;
		}

	}

}
