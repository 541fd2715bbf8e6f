package io.github.resilientdb.commit;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;

import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link UnverifiedCommitDialect}.
 */
class UnverifiedCommitDialectTests {

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

	private CommitChoice choose(VerificationMode mode) throws SQLException {
		UnverifiedCommitDialect dialect = new UnverifiedCommitDialect(mode);
		assertThat(dialect.choice()).isNull();
		CommitChoice choice = dialect.choose(this.connection, true);
		assertThat(dialect.choice()).isSameAs(choice);
		return choice;
	}

	private CommitSession session() {
		return new UnverifiedCommitDialect(VerificationMode.AUTO).open(this.connection, null);
	}

	private CommitOutcome commit(boolean readOnly) throws SQLException {
		return session().commit(this.connection, new CommitRequest(true, readOnly, Long.MAX_VALUE));
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
		assertThat(choose(VerificationMode.AUTO))
			.hasToString("none: H2 is not supported; costs nothing; a lost COMMIT has an unknown outcome");
	}

	@Test
	void noneIsAsConfigured() throws SQLException {
		assertThat(choose(VerificationMode.NONE))
			.hasToString("none: as configured; costs nothing; a lost COMMIT has an unknown outcome");
	}

	@ParameterizedTest
	@EnumSource(names = { "MARKER", "XID" })
	void whatIsDemandedCannotBeHad(VerificationMode mode) {
		assertThatExceptionOfType(CommitVerificationUnavailableException.class).isThrownBy(() -> choose(mode))
			.withMessage(
					"Commit verification '%s' is not available: it needs PostgreSQL "
							+ "with the driver org.postgresql:postgresql, and the database is H2",
					mode.name().toLowerCase(Locale.ROOT))
			.satisfies((failure) -> {
				assertThat(failure.getVerification().name()).isEqualTo(mode.name());
				assertThat(failure.getRemedy()).contains("'none'");
			});
	}

	@Test
	void claimsNothingThatItCannotDo() throws SQLException {
		assertThat(session().release(Long.MAX_VALUE)).isFalse();
		assertThat(session().limitLockWaits(this.connection, 1)).isFalse();
	}

}
