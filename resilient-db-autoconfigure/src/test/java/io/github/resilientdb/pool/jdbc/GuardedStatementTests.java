package io.github.resilientdb.pool.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GuardedStatement}.
 */
class GuardedStatementTests {

	private final FakeDatabase database = new FakeDatabase();

	private final Connection connection = this.database.getConnection();

	private final FakeDatabase.Session session = this.database.session();

	private final Owner owner = new Owner();

	private final GuardedStatement<Statement> statement;

	GuardedStatementTests() throws SQLException {
		this.statement = new GuardedStatement<>(this.owner, this.connection.createStatement());
	}

	@Test
	void tellsItsConnectionBeforeAndAfter() throws SQLException {
		this.statement.execute("A");
		this.statement.executeUpdate("B");
		this.statement.executeQuery("C");
		assertThat(this.owner.told).containsExactly("executing", "executed A", "executing", "executed B", "executing",
				"executed C");
		assertThat(this.database.committed()).containsExactly("A", "B", "C");
	}

	@Test
	void asksNothingOfTheDriverOnceTheConnectionIsLost() {
		SQLException lost = FakeDatabase.lost();
		this.owner.lost = lost;
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.statement.execute("A")).isSameAs(lost);
		assertThat(this.session.calls()).doesNotContain("execute");
	}

	@Test
	void throwsWhatItsConnectionMakesOfAFailure() {
		SQLException failure = FakeDatabase.lost();
		this.session.failOn(failure, "execute", "getMoreResults");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.statement.execute("A"))
			.withMessage("translated")
			.withCause(failure);
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.statement::getMoreResults)
			.withMessage("translated")
			.withCause(failure);
		assertThat(this.owner.told).containsExactly("executing", "execution of A failed", "failed");
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, AssertionError.class })
	void tellsOfADriverThatStoppedInTheMiddle(Class<? extends Throwable> type) throws Exception {
		Throwable failure = type.getConstructor().newInstance();
		this.session.failOn(failure, "execute");
		assertThatExceptionOfType(type).isThrownBy(() -> this.statement.execute("A")).isSameAs(failure);
		assertThat(this.owner.told).containsExactly("executing", "driver failed");
	}

	@Test
	void resultsLeadBackToTheStatementAndToWhatTheApplicationHolds() throws SQLException {
		assertThat(this.statement.executeQuery("A").getStatement()).isSameAs(this.statement);
		assertThat(this.statement.getConnection()).isSameAs(this.connection);
		assertThat(this.statement.getResultSet()).as("of an update").isNull();
	}

	@Test
	void batchCountsAsWhatItsConnectionMakesOfItsStatements() throws SQLException {
		this.statement.addBatch("A");
		this.statement.addBatch("B");
		this.statement.executeBatch();
		assertThat(this.owner.told).containsExactly("executing", "executed A+B");
	}

	@Test
	void batchIsEmptyOnceItWasExecuted() throws SQLException {
		this.statement.addBatch("COMMIT");
		this.statement.executeBatch();
		this.statement.addBatch("A");
		this.statement.executeLargeBatch();
		this.statement.addBatch("B");
		this.statement.executeBatch();
		assertThat(this.owner.told).containsExactly("executing", "executed COMMIT", "executing", "executed A",
				"executing", "executed B");
	}

	@Test
	void batchIsEmptyOnceItHasFailed() throws SQLException {
		this.session.failOn(new SQLException("refused", "23505"), "executeBatch");
		this.statement.addBatch("COMMIT");
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.statement::executeBatch);
		this.statement.addBatch("A");
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.statement::executeBatch);
		assertThat(this.owner.told).containsExactly("executing", "execution of COMMIT failed", "executing",
				"execution of A failed");
	}

	@Test
	void batchIsEmptyOnceItWasCleared() throws SQLException {
		this.statement.addBatch("COMMIT");
		this.statement.clearBatch();
		this.statement.addBatch("A");
		this.statement.executeBatch();
		assertThat(this.owner.told).containsExactly("executing", "executed A");
	}

	@Test
	void whatTheDriverDidNotTakeIsNotInTheBatch() throws SQLException {
		this.session.failOn(new SQLException("not in a prepared statement"), "addBatch");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> this.statement.addBatch("COMMIT"));
		this.statement.executeBatch();
		assertThat(this.owner.told).containsExactly("executing", "executed ");
	}

	private final class Owner implements StatementOwner {

		private final List<String> told = new ArrayList<>();

		private SQLException lost;

		@Override
		public Connection lease() {
			return GuardedStatementTests.this.connection;
		}

		@Override
		public void executing() throws SQLException {
			if (this.lost != null) {
				throw this.lost;
			}
			this.told.add("executing");
		}

		@Override
		public void executed(String sql) {
			this.told.add("executed " + sql);
		}

		@Override
		public SQLException executionFailed(String sql, SQLException failure) {
			this.told.add("execution of " + sql + " failed");
			return new SQLException("translated", failure);
		}

		@Override
		public SQLException failed(SQLException failure) {
			this.told.add("failed");
			return new SQLException("translated", failure);
		}

		@Override
		public void driverFailed(Throwable failure) {
			this.told.add("driver failed");
		}

		@Override
		public String batched(String batch, String sql) {
			return batch.isEmpty() ? sql : batch + "+" + sql;
		}

	}

}
