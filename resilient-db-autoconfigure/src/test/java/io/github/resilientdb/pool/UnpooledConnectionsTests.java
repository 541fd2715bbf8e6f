package io.github.resilientdb.pool;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.AbstractDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UnpooledConnectionsTests {

	private final FakeDatabase database = new FakeDatabase();

	private volatile Runnable whileSetUp = () -> {
	};

	@Test
	void lendNoneThatAnIncidentOfOthersGaveUpMeanwhile() throws SQLException {
		try (TestPool pool = TestPool.of(new Source())
			.mode(PoolMode.NONE)
			.size(2)
			.hikari((config) -> config.setReadOnly(true))
			.build(); Connection first = pool.borrow()) {
			this.database.session().failOn(new SQLException("crash of another process", "57P02"), "execute");
			this.whileSetUp = () -> crash(first);
			try (Connection second = pool.borrow()) {
				assertThat(this.database.sessions()).hasSize(3);
				TestPool.execute(second, "A");
			}
			assertThat(this.database.sessions().get(1).isClosed()).isTrue();
			assertThat(this.database.committed()).containsExactly("A");
		}
	}

	private void crash(Connection connection) {
		this.whileSetUp = () -> {
		};
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "B"));
	}

	private final class Source extends AbstractDataSource {

		@Override
		public Connection getConnection() {
			Connection connection = UnpooledConnectionsTests.this.database.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("setReadOnly")) {
							UnpooledConnectionsTests.this.whileSetUp.run();
						}
						return method.invoke(connection, arguments);
					});
		}

		@Override
		public Connection getConnection(String username, String password) {
			return getConnection();
		}

	}

}
