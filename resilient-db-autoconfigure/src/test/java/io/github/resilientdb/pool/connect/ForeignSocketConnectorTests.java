package io.github.resilientdb.pool.connect;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ForeignSocketConnectorTests {

	private final FakeDatabase fake = new FakeDatabase();

	private final SQLException failure = new SQLException("reset", "08006");

	private final Driver driver = (Driver) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { Driver.class }, (proxy, method, arguments) -> open());

	private Connection open() {
		Connection connection = this.fake.getConnection();
		this.fake.session().failOn(this.failure, "setNetworkTimeout");
		return connection;
	}

	@Test
	void closesAConnectionThatDoesNotTakeTheUsersTimeout() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(this::connect).isSameAs(this.failure);
		assertThat(this.fake.session().isClosed()).isTrue();
	}

	private Physical connect() throws SQLException {
		return new ForeignSocketConnector(this.driver, "jdbc:postgresql://a/bank?socketFactory=x", new Properties(),
				"a socketFactory is configured")
			.connect(null, null, System.nanoTime() + Duration.ofSeconds(10).toNanos(), PrimaryRequirement.NONE);
	}

}
