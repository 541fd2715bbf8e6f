package io.github.resilientdb.pool.guard;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Ping}, on connections whose socket is not ours.
 */
class PingTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	// its pings may take 5 seconds
	private final TestRegistry pool = new TestRegistry();

	private final List<String> calls = new ArrayList<>();

	private @Nullable SQLException failure;

	@AfterEach
	void close() {
		this.pool.close();
	}

	private Ping ping(Duration left) {
		return new Ping(this.pool.connections(), null, System.nanoTime() + left.toNanos());
	}

	private Connection connection(boolean postgres) {
		return proxy(Connection.class, postgres);
	}

	@SuppressWarnings("unchecked")
	private <T> T proxy(Class<T> type, boolean postgres) {
		return (T) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> switch (method.getName()) {
					case "isWrapperFor" -> postgres && arguments[0] == PGConnection.class;
					case "getNetworkTimeout" -> 77;
					case "createStatement" -> proxy(Statement.class, postgres);
					case "setNetworkTimeout" -> {
						this.calls.add("setNetworkTimeout " + arguments[1]);
						yield null;
					}
					case "isValid", "execute" -> {
						this.calls.add(method.getName() + " " + arguments[0]);
						if (this.failure != null) {
							throw this.failure;
						}
						yield true;
					}
					default -> null;
				});
	}

	@ParameterizedTest
	@CsvSource({ "60000, 5", "2500, 3", "1, 1", "-1, 1" })
	void anotherDriverIsGivenWholeSecondsNeverNone(long millis, int seconds) throws SQLException {
		assertThat(ping(Duration.ofMillis(millis)).send(connection(false))).isTrue();
		assertThat(this.calls).containsExactly("isValid " + seconds);
	}

	@Test
	void postgresIsGivenMillisecondsAndKeepsItsOwnTimeout() throws SQLException {
		assertThat(ping(Duration.ofMillis(2500)).send(connection(true))).isTrue();
		assertThat(this.calls).hasSize(3).contains("execute ").endsWith("setNetworkTimeout 77");
		assertThat(Integer.parseInt(this.calls.get(0).substring("setNetworkTimeout ".length()))).isBetween(1, 2500);
	}

	@Test
	void postgresKeepsItsOwnTimeoutThoughItFails() {
		this.failure = new SQLException("broken", "08006");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> ping(MINUTE).send(connection(true)))
			.isSameAs(this.failure);
		assertThat(this.calls).last().isEqualTo("setNetworkTimeout 77");
	}

	@Test
	void givesUpOnAnAnswerThatIsOverdueIfTheServerAnswersOthers() {
		Ping ping = ping(MINUTE);
		assertThat(ping.timedOut()).isFalse();
		assertThat(ping.getAsLong() - System.nanoTime()).isLessThanOrEqualTo(0);
		assertThat(ping.timedOut()).isTrue();
		assertThat(ping.serverAnswersOthers()).isTrue();
	}

	@Test
	void waitsOnIfTheServerAnswersNobody() {
		try (TestRegistry patient = new TestRegistry(PrePing.ALWAYS, RequirePrimary.AUTO, false,
				Duration.ofMillis(20))) {
			patient.refuse(new SQLException("refused", "08001"));
			Ping ping = new Ping(patient.connections(), null, System.nanoTime() + MINUTE.toNanos());
			long until = ping.getAsLong();
			assertThat(until - System.nanoTime()).isLessThanOrEqualTo(Duration.ofMillis(20).toNanos());
			assertThat(ping.timedOut()).isFalse();
			assertThat(ping.serverAnswersOthers()).isFalse();
		}
	}

	@Test
	void blamesASlowServerIfTheCallersTimeIsUp() {
		this.pool.refuse(new SQLException("refused", "08001"));
		for (Duration left : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
			Ping ping = ping(left);
			assertThat(ping.getAsLong() - System.nanoTime()).isLessThanOrEqualTo(0);
			assertThat(ping.timedOut()).isTrue();
			assertThat(ping.serverAnswersOthers()).isFalse();
		}
	}

}
