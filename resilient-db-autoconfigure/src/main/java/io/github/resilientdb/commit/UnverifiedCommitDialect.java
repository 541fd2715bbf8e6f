package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;

import io.github.resilientdb.commit.CommitSession.CommitRequest;
import org.jspecify.annotations.Nullable;

/**
 * For a database about which nothing special is known: a lost COMMIT has an unknown
 * outcome.
 */
final class UnverifiedCommitDialect implements CommitDialect {

	private final VerificationMode mode;

	private volatile @Nullable CommitChoice choice;

	UnverifiedCommitDialect(VerificationMode mode) {
		this.mode = mode;
	}

	@Override
	public boolean supports(Connection connection) {
		return true;
	}

	@Override
	public CommitSession open(Connection physical, @Nullable LongSupplier lastAnswer) {
		return new UnverifiedSession();
	}

	@Override
	public CommitSession openLazily(Connection physical, @Nullable LongSupplier lastAnswer) {
		return open(physical, lastAnswer);
	}

	@Override
	public CommitChoice choose(Connection connection, boolean schemaInPlace) throws SQLException {
		CommitChoice chosen = switch (this.mode) {
			case MARKER,
					XID ->
				throw new CommitVerificationUnavailableException(Verification.valueOf(this.mode.name()),
						"it needs PostgreSQL with the driver org.postgresql:postgresql, and the database is "
								+ connection.getMetaData().getDatabaseProductName(),
						"Use verification 'auto' or 'none'.");
			case NONE -> new CommitChoice(Verification.NONE,
					"as configured; costs nothing; a lost COMMIT has an unknown outcome");
			case AUTO -> new CommitChoice(Verification.NONE, connection.getMetaData().getDatabaseProductName()
					+ " is not supported; costs nothing; a lost COMMIT has an unknown outcome");
		};
		this.choice = chosen;
		return chosen;
	}

	@Override
	public @Nullable CommitChoice choice() {
		return this.choice;
	}

	@Override
	public int cleanUp(Connection connection, Deadline deadline) {
		return 0;
	}

	private static final class UnverifiedSession implements CommitSession {

		/**
		 * That a transaction is read-only proves nothing here: many drivers take it as a
		 * mere hint.
		 */
		@Override
		public CommitOutcome commit(Connection physical, CommitRequest request) throws SQLException {
			return PlainCommit.commit(physical, (failure) -> PlainCommit.unverified(false, failure));
		}

		@Override
		public boolean release(long deadlineNanos) {
			return false;
		}

		@Override
		public boolean limitLockWaits(Connection physical, long nanos) {
			return false;
		}

	}

}
