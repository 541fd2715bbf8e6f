package io.github.resilientdb.commit.postgresql;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitRequest;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.CommitVerificationUnavailableException;
import io.github.resilientdb.commit.UnknownReason;
import io.github.resilientdb.commit.VerificationMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Commits on a database of which nothing is known.
 */
class UnverifiedCommitTests {

	private @Nullable SQLException failure;

	private boolean closed;

	private final Connection connection = proxy(Connection.class);

	@SuppressWarnings("unchecked")
	private <T> T proxy(Class<T> type) {
		return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> switch (method.getName()) {
					case "commit" -> {
						if (this.failure != null) {
							throw this.failure;
						}
						yield null;
					}
					case "isClosed" -> this.closed;
					case "isWrapperFor" -> false;
					case "getMetaData" -> proxy(DatabaseMetaData.class);
					case "getDatabaseProductName" -> "H2";
					default -> null;
				});
	}

	private CommitProtocol protocol(VerificationMode mode) {
		return CommitProtocols.create(CommitSettings.of(mode, Duration.ofSeconds(1), true),
				(deadline) -> this.connection, CommitListener.NONE);
	}

	private CommitOutcome commit(boolean readOnly) throws SQLException {
		return protocol(VerificationMode.AUTO).open(this.connection)
			.commit(this.connection, new CommitRequest(true, readOnly, Long.MAX_VALUE));
	}

	@Test
	void confirmedCommitIsCommitted() throws SQLException {
		assertThat(commit(false)).isSameAs(Committed.ORDINARY);
	}

	@Test
	void lostCommitIsUnknown() throws SQLException {
		this.failure = new SQLException("lost", "08006");
		assertThat(commit(false)).isInstanceOfSatisfying(Unknown.class, (unknown) -> {
			assertThat(unknown.reason()).isEqualTo(UnknownReason.NOT_VERIFIED);
			assertThat((Throwable) unknown.cause()).isSameAs(this.failure);
		});
	}

	@Test
	void lostReadOnlyCommitIsUnknownSinceNothingEnforcesThatItOnlyReads() throws SQLException {
		this.failure = new SQLException("lost", "08006");
		assertThat(commit(true)).isInstanceOf(Unknown.class);
	}

	@Test
	void anyFailureOfAClosedConnectionIsALoss() throws SQLException {
		this.failure = new SQLException("closed", "23505");
		this.closed = true;
		assertThat(commit(false)).isInstanceOf(Unknown.class);
	}

	@Test
	void refusalIsThrown() {
		this.failure = new SQLException("refused", "23505");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> commit(false)).isSameAs(this.failure);
	}

	@Test
	void autoIsNone() throws SQLException {
		assertThat(protocol(VerificationMode.AUTO).choose())
			.hasToString("none: H2 is not supported; costs nothing; a lost COMMIT has an unknown outcome");
	}

	@Test
	void xidCannotBeHad() {
		assertThatExceptionOfType(CommitVerificationUnavailableException.class)
			.isThrownBy(() -> protocol(VerificationMode.XID).choose())
			.withMessage("Commit verification 'xid' is not available: it needs PostgreSQL "
					+ "with the driver org.postgresql:postgresql, and the database is H2");
	}

}
