package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.commit.Deadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Barrier}.
 */
class BarrierTests {

	private static final String MESSAGE = "pg_logical_emit_message";

	private static final String END = "pg_terminate_backend";

	private static final Deadline LATER = Deadline.after(Duration.ofMinutes(5));

	private final FakePostgres postgres = new FakePostgres().answer("pg_catalog.now()", FakePostgres.row("1000"))
		.answer(MESSAGE, FakePostgres.row("0/1"));

	private final Barrier barrier = new Barrier();

	private boolean pass() throws SQLException {
		return this.barrier.pass(this.postgres.begin(), false, LATER);
	}

	private void fail() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(this::pass);
	}

	@ParameterizedTest
	@CsvSource({ "false, on", "true, remote_apply" })
	void isAsStrongAsTheTransaction(boolean applied, String strength) throws SQLException {
		assertThat(this.barrier.pass(this.postgres.begin(), applied, LATER)).isTrue();
		assertThat(this.postgres.log()).element(1).isEqualTo("SET LOCAL synchronous_commit = " + strength);
		assertThat(this.postgres.log()).last().isEqualTo("COMMIT");
	}

	@Test
	void writesBeforeItCommits() throws SQLException {
		pass();
		assertThat(this.postgres.log().get(this.postgres.log().size() - 2)).contains(MESSAGE);
	}

	@Test
	void isNotConfirmedIfTheServerDidNotWaitForItsStandby() throws SQLException {
		this.postgres.answer("COMMIT", (parameters) -> new SQLWarning("not replicated"));
		assertThat(pass()).isFalse();
	}

	@Test
	void isCancelledBeforeItsConnectionIsGivenUp() throws SQLException {
		CompletableFuture<Void> cancelled = new CompletableFuture<>();
		this.postgres.answer("CANCEL", (parameters) -> cancelled.complete(null)).answer("COMMIT", (parameters) -> {
			cancelled.join();
			return new SQLWarning("canceled while waiting");
		});
		VerificationTransaction transaction = this.postgres.begin();
		// The connection must not be used again: the next statement might be cancelled
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> this.barrier.pass(transaction, false, Deadline.after(Duration.ofMillis(20))))
			.matches((failure) -> "57014".equals(failure.getSQLState()));
	}

	@Test
	void isCancelledAgainIfItsConnectionWasLost() {
		CountDownLatch cancelled = new CountDownLatch(1);
		this.postgres.answer("COMMIT", FakePostgres.failure("08006")).answer("CANCEL", (parameters) -> {
			cancelled.countDown();
			return null;
		});
		fail();
		assertThat(cancelled).as("long before the deadline")
			.satisfies((latch) -> assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue());
	}

	@Test
	void hasNothingToEndAtFirst() throws SQLException {
		pass();
		this.barrier.endStuck(this.postgres.begin());
		assertThat(this.postgres.sent(END)).isZero();
	}

	@Test
	void isEndedByWhoeverAsksNextIfItWasCutOff() throws SQLException {
		List<Object> ended = new ArrayList<>();
		this.postgres.answer("COMMIT", FakePostgres.failure("08006")).answer(END, (parameters) -> {
			ended.addAll(Arrays.asList(parameters));
			return new Object[] { "true" };
		});
		fail();
		this.barrier.endStuck(this.postgres.begin());
		this.barrier.endStuck(this.postgres.begin());
		assertThat(ended).containsExactly(FakePostgres.PID, 1000L);
	}

	@Test
	void isEndedLaterIfThatFails() throws SQLException {
		this.postgres.answer("COMMIT", FakePostgres.failure("08006")).answer(END, FakePostgres.failure("08006"));
		fail();
		VerificationTransaction lost = this.postgres.begin();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.barrier.endStuck(lost));
		this.postgres.answer(END, FakePostgres.row("true"));
		this.barrier.endStuck(this.postgres.begin());
		this.barrier.endStuck(this.postgres.begin());
		assertThat(this.postgres.sent(END)).isEqualTo(2);
	}

	@Test
	void isLeftAloneIfItMayNotBeEnded() throws SQLException {
		this.postgres.answer("COMMIT", FakePostgres.failure("08006")).answer(END, FakePostgres.failure("42501"));
		fail();
		VerificationTransaction refused = this.postgres.begin();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.barrier.endStuck(refused));
		this.barrier.endStuck(this.postgres.begin());
		assertThat(this.postgres.sent(END)).isOne();
	}

	@Test
	void hasNothingToEndIfItWasNotEvenWritten() throws SQLException {
		this.postgres.answer(MESSAGE, FakePostgres.failure("08006"));
		fail();
		this.barrier.endStuck(this.postgres.begin());
		assertThat(this.postgres.sent(END)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "42501", "42883", "0A000" })
	void writesOtherwiseWhereMessagesAreRefused(String state) throws SQLException {
		this.postgres.answer(MESSAGE, FakePostgres.failure(state));
		fail();
		assertThat(pass()).isTrue();
		assertThat(this.postgres.sent(MESSAGE)).isOne();
		assertThat(this.postgres.sent("CREATE TEMPORARY TABLE")).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "08006", "57P01", "53200", "57014" })
	void doesNotTakeAPassingFailureForARefusal(String state) throws SQLException {
		this.postgres.answer(MESSAGE, FakePostgres.failure(state));
		fail();
		this.postgres.answer(MESSAGE, FakePostgres.row("0/1"));
		assertThat(pass()).isTrue();
		assertThat(this.postgres.sent("CREATE TEMPORARY TABLE")).isZero();
	}

}
