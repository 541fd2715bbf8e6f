package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import io.github.resilientdb.pool.guard.GuardedConnection;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Auto-commit as a connection is born with it, and as it is set: nothing is lost that a
 * plain pool keeps, and no lost COMMIT is silent.
 */
class AutoCommitTests {

	private final FakeDatabase database = new FakeDatabase();

	@ParameterizedTest
	@EnumSource
	void switchingOnCommitsEachTransaction(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode, true); Connection connection = pool.borrow()) {
			for (int i = 0; i < 3; i++) {
				connection.setAutoCommit(false);
				TestPool.execute(connection, "explicit " + i);
				connection.commit();
				TestPool.execute(connection, "implicit " + i);
				connection.setAutoCommit(true);
				assertThat(this.database.committed()).hasSize(2 * i + 2);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "POOLED, true", "POOLED, false", "NONE, true", "NONE, false" })
	void aLostImplicitCommitIsNotSilent(PoolMode mode, boolean autoCommit) throws SQLException {
		try (TestPool pool = pool(mode, autoCommit)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "A");
			connection.commit();
			TestPool.execute(connection, "B");
			this.database.session().failOn(FakeDatabase.lost(), "commit", "setAutoCommit");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setAutoCommit(true))
				.withStackTraceContaining("administrator command");
			assertThat(this.database.committed()).containsExactly("A");
			assertThatNoException().isThrownBy(connection::close);
		}
	}

	@ParameterizedTest
	@EnumSource
	void workOfAStatementThatWasPreparedEarlierIsNotLost(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode, true)) {
			Connection connection = pool.borrow();
			PreparedStatement statement = connection.prepareStatement("A");
			connection.setAutoCommit(false);
			statement.executeUpdate();
			connection.commit();
			statement.executeUpdate();
			this.database.session().failOn(FakeDatabase.lost(), "commit", "setAutoCommit");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setAutoCommit(true));
			assertThat(this.database.committed()).containsExactly("A");
			connection.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void workBehindTheGuardIsCommitted(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode, true); Connection connection = pool.borrow()) {
			connection.setAutoCommit(false);
			TestPool.execute(connection, "A");
			connection.commit();
			this.database.session().execute("behind");
			connection.setAutoCommit(true);
			assertThat(this.database.committed()).containsExactly("A", "behind");
		}
	}

	@ParameterizedTest
	@EnumSource
	void workOnAConnectionThatDiedIsNotSilentlyLost(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode, true)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "A");
			connection.commit();
			TestPool.execute(connection, "B");
			this.database.session().failOn(FakeDatabase.lost(), "getCatalog", "setReadOnly");
			assertThatNoException().isThrownBy(() -> connection.setReadOnly(true));
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setAutoCommit(true))
				.withStackTraceContaining("administrator command");
			connection.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void aDeadConnectionWithNothingToCommitIsTidiedUpSilently(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode, true)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "A");
			connection.commit();
			this.database.session().failOn(FakeDatabase.lost(), "setReadOnly");
			connection.setReadOnly(true);
			assertThatNoException().isThrownBy(() -> connection.setAutoCommit(true));
			assertThatNoException().isThrownBy(connection::close);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aDeadConnectionOnWhichNothingWasExecutedIsClosedSilently(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode, true)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			connection.prepareStatement("A");
			this.database.session().failOn(FakeDatabase.lost(), "setReadOnly");
			connection.setReadOnly(true);
			assertThatNoException().isThrownBy(connection::close);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aConnectionThatTheDriverClosedIsClosedSilently(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode, true)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			connection.prepareStatement("A");
			this.database.session().connection.close();
			assertThatNoException().isThrownBy(connection::close);
		}
	}

	@ParameterizedTest
	@EnumSource
	void whatResultsWriteIsWorkToo(PoolMode mode) throws SQLException {
		try (TestPool pool = pool(mode, true)) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			ResultSet results = connection.prepareStatement("A").executeQuery();
			connection.commit();
			results.insertRow();
			this.database.session().failOn(FakeDatabase.lost(), "setReadOnly", "commit", "setAutoCommit");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setAutoCommit(true))
				.withStackTraceContaining("administrator command");
			connection.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void aConnectionThatIsBornWithoutAutoCommitGetsWhatThePoolSays(PoolMode mode) throws SQLException {
		this.database.bornWithoutAutoCommit();
		try (TestPool pool = pool(mode, true); Connection connection = pool.borrow()) {
			assertThat(connection.getAutoCommit()).isTrue();
			TestPool.execute(connection, "A");
			assertThat(this.database.committed()).containsExactly("A");
		}
	}

	@ParameterizedTest
	@EnumSource
	void aPoolWithoutAutoCommitRollsBackWhatIsLeft(PoolMode mode) throws SQLException {
		this.database.bornWithoutAutoCommit();
		try (TestPool pool = pool(mode, false)) {
			try (Connection connection = pool.borrow()) {
				assertThat(connection.getAutoCommit()).isFalse();
				TestPool.execute(connection, "A");
				connection.commit();
				TestPool.execute(connection, "B");
			}
			try (Connection connection = pool.borrow()) {
				connection.commit();
			}
		}
		assertThat(this.database.committed()).containsExactly("A");
	}

	@Test
	void whatAConnectionIsBornWithIsReadOnTheDriver() throws SQLException {
		this.database.bornWithoutAutoCommit();
		try (TestPool pool = pool(PoolMode.POOLED, true); Connection connection = pool.borrow()) {
			assertThat(connection.unwrap(GuardedConnection.class).getAutoCommit())
				.isEqualTo(this.database.session().connection.getAutoCommit());
		}
	}

	private TestPool pool(PoolMode mode, boolean autoCommit) {
		return TestPool.of(this.database).mode(mode).hikari((config) -> config.setAutoCommit(autoCommit)).build();
	}

}
