package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;

import io.github.resilientdb.testsupport.CapturedLog;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Tests for {@link MarkerCleanup}.
 */
@ExtendWith(CapturedLog.Extension.class)
class MarkerCleanupTests {

	private Callable<Integer> answer = () -> 0;

	private final CommitProtocol protocol = new CommitProtocol(
			CommitSettings.of(VerificationMode.MARKER, Duration.ofSeconds(5), true),
			(deadline) -> new FakeDatabase().getConnection(), CommitListener.NONE, (gate, choose) -> new FakeDialect());

	private final MarkerCleanup cleanup = new MarkerCleanup(this.protocol);

	MarkerCleanupTests() throws SQLException {
		this.protocol.choose();
	}

	@Test
	void whatFailsIsSaidOnceUntilItWorksAgain(CapturedLog log) {
		this.answer = () -> {
			throw new SQLException("refused", "08001");
		};
		this.cleanup.run();
		this.cleanup.run();
		this.answer = () -> {
			throw new IllegalStateException("no credentials");
		};
		this.cleanup.run();
		assertThat(log.toString()).isEqualTo("WARN The commit marker table could not be cleaned up; will try again");
		this.answer = () -> 3;
		this.cleanup.run();
		assertThat(log.toString()).hasLineCount(1);
		this.answer = () -> {
			throw new SQLException("refused", "08001");
		};
		this.cleanup.run();
		assertThat(log.toString()).hasLineCount(2);
	}

	@Test
	void failureDoesNotEndTheSchedule(CapturedLog log) {
		this.answer = () -> {
			throw new NoClassDefFoundError("com/example/Missing");
		};
		assertThatCode(this.cleanup::run).doesNotThrowAnyException();
		assertThat(log.toString()).hasLineCount(1);
	}

	private final class FakeDialect implements CommitDialect {

		@Override
		public boolean supports(Connection connection) {
			return true;
		}

		@Override
		public CommitSession open(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException {
			throw new SQLException("not needed");
		}

		@Override
		public CommitSession openLazily(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException {
			return open(physical, lastAnswer);
		}

		@Override
		public CommitChoice choose(Connection connection, boolean schemaInPlace) {
			return choice();
		}

		@Override
		public CommitChoice choice() {
			return new CommitChoice(Verification.MARKER, "as configured");
		}

		@Override
		public int cleanUp(Connection connection, Deadline deadline) throws SQLException {
			try {
				return MarkerCleanupTests.this.answer.call();
			}
			catch (SQLException | RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
