package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link UnpooledConnection}.
 */
class UnpooledConnectionTests {

	private final FakeDatabase database = new FakeDatabase();

	private final TestPool pool = TestPool.of(this.database).mode(PoolMode.NONE).size(1).build();

	@AfterEach
	void close() {
		this.pool.close();
	}

	@Test
	void closingGivesItsPlaceBackOnce() throws SQLException {
		Connection first = this.pool.borrow();
		first.close();
		first.close();
		try (Connection second = this.pool.borrow()) {
			assertThat(second.isClosed()).isFalse();
			this.pool.patience(Duration.ofMillis(250));
			assertThatExceptionOfType(SQLException.class).isThrownBy(this.pool::borrow)
				.withMessageContaining("all 1 are in use");
		}
		assertThat(this.database.sessions()).hasSize(2).allMatch(FakeDatabase.Session::isClosed);
	}

	@Test
	void failureToCloseGivesItsPlaceBack() throws SQLException {
		Connection first = this.pool.borrow();
		this.database.session().failOn(new IllegalStateException("broken driver"), "close");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(first::close);
		assertThat(first.isClosed()).isTrue();
		this.pool.borrow().close();
	}

	@Test
	void onceClosedItReachesNoConnectionAnyMore() throws SQLException {
		Connection connection = this.pool.borrow();
		connection.close();
		int calls = this.database.session().calls().size();
		assertThat(connection.isClosed()).isTrue();
		assertThat(connection.isValid(1)).isFalse();
		assertThatExceptionOfType(SQLException.class).isThrownBy(connection::createStatement)
			.matches((failure) -> "08003".equals(failure.getSQLState()));
		assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit);
		assertThat(this.database.session().calls()).hasSize(calls);
	}

}
