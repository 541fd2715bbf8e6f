package io.github.resilientdb.test;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

import io.github.resilientdb.test.proxy.Encryption;
import io.github.resilientdb.test.proxy.FaultProxy;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Data sources whose servers accept connections and say nothing, and whose driver is only
 * played.
 */
class SourceTests {

	private final List<Driver> realDrivers = new ArrayList<>();

	/**
	 * The connections that were opened past the proxies, by URL. Each finds as many
	 * sessions as there were connections, itself included.
	 */
	private final Map<String, Connection> direct = new LinkedHashMap<>();

	private @Nullable SQLException failure;

	private final Driver driver = (Driver) Proxy.newProxyInstance(Driver.class.getClassLoader(),
			new Class<?>[] { Driver.class }, (proxy, method, arguments) -> switch (method.getName()) {
				case "connect" -> connect((String) arguments[0]);
				case "equals" -> proxy == arguments[0];
				case "hashCode" -> System.identityHashCode(proxy);
				default -> null;
			});

	private ServerSocket first;

	private ServerSocket second;

	@BeforeEach
	void play() throws Exception {
		DriverManager.drivers().forEach(this.realDrivers::add);
		for (Driver real : this.realDrivers) {
			DriverManager.deregisterDriver(real);
		}
		DriverManager.registerDriver(this.driver);
		this.first = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		this.second = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
	}

	@AfterEach
	void putBack() throws Exception {
		DriverManager.deregisterDriver(this.driver);
		for (Driver real : this.realDrivers) {
			DriverManager.registerDriver(real);
		}
		this.first.close();
		this.second.close();
	}

	@Test
	void asksTheOnlyServerPastItsProxy() throws SQLException {
		try (Source source = source(address(this.first))) {
			assertThat(source.name()).isEqualTo("orders");
			assertThat(source.ports()).hasSize(1).doesNotContain(this.first.getLocalPort());
			assertThat(source.openTransactions()).isOne();
			assertThat(source.endSessions()).isOne();
			source.reader();
			assertThat(this.direct).containsOnlyKeys("jdbc:postgresql://" + address(this.first) + "/shop?");
		}
		verify(this.direct.values().iterator().next()).close();
	}

	@Test
	void readsRowsFromThePrimaryOfSeveralServers() throws SQLException {
		try (Source source = source(address(this.first) + "," + address(this.second))) {
			assertThat(source.ports()).hasSize(2).doesNotHaveDuplicates();
			source.reader();
			assertThat(this.direct).containsOnlyKeys("jdbc:postgresql://" + address(this.first) + ","
					+ address(this.second) + "/shop?targetServerType=preferPrimary");
		}
	}

	@Test
	void asksThoseOfSeveralServersThatAreInUse() throws Exception {
		try (Source source = source(address(this.first) + "," + address(this.second))) {
			assertThat(source.openTransactions()).isZero();
			assertThat(this.direct).isEmpty();
			try (Socket client = connect(source.proxies().get(1))) {
				assertThat(source.openTransactions()).isOne();
				assertThat(this.direct)
					.containsOnlyKeys("jdbc:postgresql://" + address(this.second) + "/shop?targetServerType=any");
				try (Socket other = connect(source.proxies().get(0))) {
					assertThat(source.endSessions()).isEqualTo(1 + 2);
				}
			}
		}
		assertThat(this.direct).hasSize(2);
		for (Connection connection : this.direct.values()) {
			verify(connection).close();
		}
	}

	@Test
	void asksAServerOnceThatIsNamedTwice() throws Exception {
		String address = address(this.first);
		try (Source source = source(address + "," + address(this.second) + "," + address)) {
			assertThat(source.ports()).hasSize(3).doesNotHaveDuplicates();
			try (Socket client = connect(source.proxies().get(0)); Socket other = connect(source.proxies().get(2))) {
				assertThat(source.endSessions()).isOne();
			}
		}
	}

	@Test
	void saysThatItsServersCertificateIsChecked() throws SQLException {
		this.failure = new SQLException("The hostname could not be verified", "08006");
		try (Source source = source(address(this.first), Encryption.REQUIRED)) {
			assertThatIllegalStateException().isThrownBy(source::reader)
				.withMessageContainingAll("by itself to data source 'orders'", "hostname could not be verified",
						"sslrootcert", "sslmode=require")
				.withCause(this.failure);
		}
		try (Source source = source(address(this.first))) {
			assertThatIllegalStateException().isThrownBy(source::reader)
				.withMessageEndingWith("The hostname could not be verified");
		}
	}

	@Test
	void closesItsProxies() throws SQLException {
		Source source = source(address(this.first));
		source.close();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> connect(source.proxies().get(0)));
	}

	@Test
	void saysWhichDataSourceCannotBeClosed() throws SQLException {
		Source source = source(address(this.first));
		source.reader();
		willThrow(new SQLException("no")).given(this.direct.values().iterator().next()).close();
		assertThatIllegalStateException().isThrownBy(source::close).withMessageContaining("orders");
	}

	private static Source source(String addresses) {
		return source(addresses, Encryption.NEVER);
	}

	private static Source source(String addresses, Encryption encryption) {
		return new Source("orders",
				Objects.requireNonNull(PostgresUrl.parse("jdbc:postgresql://" + addresses + "/shop")), encryption,
				new Properties());
	}

	private static String address(ServerSocket server) {
		return "127.0.0.1:" + server.getLocalPort();
	}

	private static Socket connect(FaultProxy proxy) throws IOException {
		Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
		Awaitility.await().until(() -> proxy.openConnections() == 1);
		return client;
	}

	private Connection connect(String url) throws SQLException {
		if (this.failure != null) {
			throw this.failure;
		}
		int sessions = this.direct.size() + 1;
		ResultSet count = mock(ResultSet.class);
		given(count.getInt(1)).willReturn(sessions);
		Statement statement = mock(Statement.class);
		given(statement.executeQuery(anyString())).willReturn(count);
		Connection connection = mock(Connection.class);
		given(connection.isValid(anyInt())).willReturn(true);
		given(connection.createStatement()).willReturn(statement);
		this.direct.put(url, connection);
		return connection;
	}

}
