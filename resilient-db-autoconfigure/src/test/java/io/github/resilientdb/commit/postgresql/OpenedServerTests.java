package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.commit.VerificationGate;
import io.github.resilientdb.commit.VerificationMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OpenedServerTests {

	private static final String ACTIVITY = "SELECT a.state, a.wait_event";

	private static final ContinuityToken OLD = new ContinuityToken("cluster", "00000001", "100", "200");

	private static final ContinuityToken PROMOTED = new ContinuityToken("cluster", "00000002", "100", "300");

	private final FakePostgres postgres = new FakePostgres();

	private final PostgresCommitDialect dialect = new PostgresCommitDialect(
			CommitSettings.of(VerificationMode.XID, Duration.ofSeconds(5), true),
			new VerificationGate(new VerificationConnections() {

				@Override
				public Connection open(long deadlineNanos) {
					return OpenedServerTests.this.postgres.connect(deadlineNanos);
				}

				@Override
				public long patience() {
					return 0;
				}

			}), CommitListener.NONE, (deadline) -> {
			});

	private final OpenedServer server = opened(OLD);

	private OpenedServer opened(ContinuityToken token) {
		return new OpenedServer(this.dialect, FakePostgres.state(FakePostgres.PID, false, token));
	}

	@Test
	void isSupersededOnceAPrimaryOfALaterTimelineWasSeen() throws SQLException {
		this.dialect.seen(OLD);
		assertThat(this.server.isSuperseded()).isFalse();
		this.dialect.seen(PROMOTED);
		assertThat(this.server.isSuperseded()).isTrue();
		assertThat(opened(PROMOTED).isSuperseded()).isFalse();
		assertThatExceptionOfType(SupersededServerException.class).isThrownBy(() -> this.dialect.seen(OLD));
	}

	@Test
	void anAnswerIsDoubtedIfAnotherServerWasReachedMeanwhile() throws SQLException {
		this.dialect.seen(OLD);
		long sent = System.nanoTime();
		assertThat(isDoubted(this.server, sent)).isFalse();
		this.dialect.seen(PROMOTED);
		assertThat(isDoubted(this.server, sent)).isTrue();
		assertThat(isDoubted(opened(PROMOTED), System.nanoTime())).isFalse();
	}

	private static boolean isDoubted(OpenedServer server, long sent) {
		return server.doubt(sent) != null;
	}

	@ParameterizedTest
	@CsvSource(nullValues = "?", textBlock = """
			# state, wait event and start of the process with its id | what that says
			active, ?, 1000, WORKING
			idle in transaction, ClientRead, 1000, WAITING
			# another process got its id
			active, ?, 2000, GONE
			idle, ClientRead, 2000, GONE
			# whoever looks may not see it, since passwords and users are renewed, say
			?, ?, ?, UNIDENTIFIED
			disabled, ?, 1000, UNIDENTIFIED
			""")
	void looksAtItsProcess(@Nullable String state, @Nullable String wait, @Nullable String start, BackendState found)
			throws SQLException {
		this.postgres.answer(ACTIVITY, FakePostgres.row(state, wait, start));
		assertThat(this.server.look(this.postgres.connect(0))).isEqualTo(found);
	}

	@Test
	void aProcessThatDidNotSayWhichOneItIsIsNotLookedFor() throws SQLException {
		OpenedServer hidden = new OpenedServer(this.dialect,
				new ServerState(FakePostgres.PID, null, false, false, OLD));
		assertThat(hidden.look(this.postgres.connect(0))).isEqualTo(BackendState.UNIDENTIFIED);
		assertThat(this.postgres.sent(ACTIVITY)).isZero();
	}

	@Test
	void aViewThatMayNotBeReadTellsNothing() {
		this.postgres.answer(ACTIVITY, FakePostgres.failure("42501"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.server.look(this.postgres.connect(0)));
	}

	@Test
	void findsItsProcessGone() throws SQLException {
		this.postgres.answer(ACTIVITY, FakePostgres.noRow());
		assertThat(this.server.look(this.postgres.connect(0))).isEqualTo(BackendState.GONE);
	}

	@Test
	void aLookMayShowThatThereIsANewPrimary() throws SQLException {
		this.dialect.seen(OLD);
		this.postgres.server(FakePostgres.state(FakePostgres.PID, false, PROMOTED));
		assertThat(this.server.look(this.postgres.connect(0))).isEqualTo(BackendState.SUPERSEDED);
		assertThat(this.server.isSuperseded()).isTrue();
		assertThat(this.postgres.sent(ACTIVITY)).isZero();
	}

	@Test
	void whoDoesNotSayWhichServerItIsIsNotAsked() throws SQLException {
		this.postgres.answer("SELECT ", FakePostgres.failure("57014"));
		assertThat(this.server.look(this.postgres.connect(0))).isEqualTo(BackendState.UNIDENTIFIED);
	}

	@Test
	void endsNoProcessThatItCannotTellFromALaterOneWithTheSameId() throws SQLException {
		OpenedServer unknown = new OpenedServer(this.dialect, ServerState.UNKNOWN);
		assertThat(unknown.endWaiting(this.postgres.connect(0))).isFalse();
		assertThat(this.postgres.sent("pg_terminate_backend")).isZero();
		this.postgres.answer("pg_terminate_backend", FakePostgres.row(true));
		assertThat(this.server.endWaiting(this.postgres.connect(0))).isTrue();
		assertThat(this.postgres.sent("pg_terminate_backend")).isOne();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "?", textBlock = """
			200, 200, true
			200, 300, false
			200, ?, true
			?, 300, true
			""")
	void mayBeTheSameServerUnlessItIsKnownToBeAnother(@Nullable String start, @Nullable String otherStart,
			boolean same) {
		OpenedServer one = opened(new ContinuityToken("cluster", "1", "100", start));
		OpenedServer other = opened(new ContinuityToken("cluster", "1", "100", otherStart));
		assertThat(one.mayBe(other)).isEqualTo(same);
		assertThat(other.mayBe(one)).isEqualTo(same);
	}

}
