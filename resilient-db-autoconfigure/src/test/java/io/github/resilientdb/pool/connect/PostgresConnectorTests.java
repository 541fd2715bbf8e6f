package io.github.resilientdb.pool.connect;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class PostgresConnectorTests {

	private final List<String> opened = new ArrayList<>();

	private final List<String> closed = new ArrayList<>();

	@Test
	void closesWhatDoesNotSayWhereItLeads() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect("silent1,silent2", "primary"))
			.withMessage("no answer");
		assertThat(this.opened).hasSize(2);
		assertThat(this.closed).isEqualTo(this.opened);
	}

	@Test
	void returnsWhatIsWantedThoughTheOtherOneCannotBeClosed() {
		assertThatNoException().isThrownBy(() -> connect("primary,standby", "preferSecondary"));
		assertThat(this.opened).containsExactly("primary", "standby");
		assertThat(this.closed).containsExactly("primary");
	}

	private void connect(String hosts, String target) throws SQLException {
		PostgresConnector
			.of(driver(), "jdbc:postgresql://%s/bank?targetServerType=%s".formatted(hosts, target), new Properties())
			.connect(null, null, System.nanoTime() + Duration.ofSeconds(10).toNanos(),
					new PrimaryRequirement(RequirePrimary.NEVER, false));
	}

	private Driver driver() {
		return proxy(Driver.class, (name, arguments) -> connection(((String) arguments[0]).split("[/:?]+")[2]));
	}

	private Connection connection(String host) {
		this.opened.add(host);
		return proxy(Connection.class, (name, arguments) -> switch (name) {
			case "isWrapperFor" -> true;
			case "unwrap" -> proxy(PGConnection.class, (parameter, none) -> host.equals("primary") ? "off" : null);
			case "createStatement" -> {
				if (host.startsWith("silent")) {
					throw new SQLException("no answer", "08006");
				}
				yield proxy(Statement.class, (call, sql) -> call.equals("executeQuery") ? inRecovery() : null);
			}
			case "close" -> {
				this.closed.add(host);
				throw new SQLException("no farewell");
			}
			default -> null;
		});
	}

	private static ResultSet inRecovery() {
		return proxy(ResultSet.class, (name, arguments) -> (name.equals("close")) ? null : true);
	}

	private static <T> T proxy(Class<T> type, Answer answer) {
		return type.cast(Proxy.newProxyInstance(PostgresConnectorTests.class.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> answer.to(method.getName(), arguments)));
	}

	private interface Answer {

		@Nullable Object to(String name, Object[] arguments) throws SQLException;

	}

}
