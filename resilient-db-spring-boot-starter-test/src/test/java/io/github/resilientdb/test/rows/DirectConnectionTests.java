package io.github.resilientdb.test.rows;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A connection that is kept, of a driver that is only played.
 */
class DirectConnectionTests {

	private static final String URL = "played:";

	private final List<String> calls = new ArrayList<>();

	private boolean valid = true;

	private final Driver driver = (Driver) Proxy.newProxyInstance(Driver.class.getClassLoader(),
			new Class<?>[] { Driver.class }, (proxy, method, arguments) -> switch (method.getName()) {
				case "connect" -> URL.equals(arguments[0]) ? connect() : null;
				case "equals" -> proxy == arguments[0];
				case "hashCode" -> System.identityHashCode(proxy);
				default -> null;
			});

	@BeforeEach
	void register() throws SQLException {
		DriverManager.registerDriver(this.driver);
	}

	@AfterEach
	void deregister() throws SQLException {
		DriverManager.deregisterDriver(this.driver);
	}

	@Test
	void isKeptWhileItIsValid() throws SQLException {
		try (DirectConnection connection = new DirectConnection(URL, new Properties())) {
			connection.reader();
			connection.reader();
			assertThat(this.calls).containsExactly("connect");
			this.valid = false;
			connection.reader();
			assertThat(this.calls).containsExactly("connect", "connect");
		}
		assertThat(this.calls).containsExactly("connect", "connect", "close");
	}

	@Test
	void isNotOpenedToBeClosed() throws SQLException {
		new DirectConnection(URL, new Properties()).close();
		assertThat(this.calls).isEmpty();
	}

	private Connection connect() {
		this.calls.add("connect");
		return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("isValid")) {
						return this.valid;
					}
					this.calls.add(method.getName());
					return null;
				});
	}

}
