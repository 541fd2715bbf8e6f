package io.github.resilientdb.pool;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;

import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.socket.WireSocket;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DirectConnectionsTests {

	@Test
	void closesTheSocketThatTheDriverLeavesOpen() throws Exception {
		try (WireSocket wire = new WireSocket()) {
			Connection connection = new DirectConnections((deadline) -> new Physical(driver(), wire, false, null),
					() -> {
					}, null)
				.open(System.nanoTime() + Duration.ofSeconds(10).toNanos());
			assertThat(connection.unwrap(String.class)).isEqualTo("the driver's");
			assertThat(wire.isClosed()).isFalse();
			connection.close();
			assertThat(wire.isClosed()).isTrue();
		}
	}

	private static Connection driver() {
		return (Connection) Proxy.newProxyInstance(DirectConnectionsTests.class.getClassLoader(),
				new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> method.getName().equals("unwrap") ? "the driver's" : null);
	}

}
