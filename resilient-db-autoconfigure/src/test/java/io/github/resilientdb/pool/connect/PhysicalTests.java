package io.github.resilientdb.pool.connect;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.pool.socket.WireSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PhysicalTests {

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void closesTheSocketThatTheDriverLeavesOpen(boolean fails) throws Exception {
		try (WireSocket wire = new WireSocket()) {
			Physical physical = new Physical(connection(fails), wire, false, null);
			if (fails) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(physical::close).withMessage("no farewell");
			}
			else {
				physical.close();
			}
			assertThat(wire.isClosed()).isTrue();
		}
	}

	private static Connection connection(boolean fails) {
		return (Connection) Proxy.newProxyInstance(PhysicalTests.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (fails) {
						throw new SQLException("no farewell");
					}
					return null;
				});
	}

}
