package io.github.resilientdb.pool;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import com.zaxxer.hikari.HikariConfig;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.pool.connect.Connector;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.connect.PrimaryRequirement;
import io.github.resilientdb.pool.guard.PoolGuard;
import io.github.resilientdb.pool.settings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PrePing;
import io.github.resilientdb.pool.settings.RequirePrimary;
import io.github.resilientdb.pool.settings.ResetOnReturn;
import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DirectConnectionsTests {

	@Test
	void closesTheSocketThatTheDriverLeavesOpen() throws Exception {
		try (WireSocket wire = new WireSocket()) {
			PoolGuard pool = new PoolGuard(new HikariConfig(), settings(), new Fake(wire),
					(failure) -> FailureVerdict.OTHER, new ConnectionPoolListener() {
					});
			Connection connection = new DirectConnections(pool)
				.open(System.nanoTime() + Duration.ofSeconds(10).toNanos());
			assertThat(connection.unwrap(String.class)).isEqualTo("the driver's");
			assertThat(wire.isClosed()).isFalse();
			connection.close();
			assertThat(wire.isClosed()).isTrue();
			pool.close();
		}
	}

	private static PoolSettings settings() {
		return new PoolSettings(null, null, null, PrePing.ALWAYS, Duration.ZERO, Duration.ofSeconds(1), PoolMode.POOLED,
				ResetOnReturn.ROLLBACK, RequirePrimary.NEVER, false, null);
	}

	private record Fake(WireSocket wire) implements Connector {

		@Override
		public Physical connect(@Nullable String username, @Nullable String password, long deadline,
				PrimaryRequirement primary) throws SQLException {
			return new Physical(
					(Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
							new Class<?>[] { Connection.class },
							(proxy, method, arguments) -> method.getName().equals("unwrap") ? "the driver's" : null),
					this.wire, false, null);
		}

		@Override
		public @Nullable String probeUnavailable() {
			return null;
		}

	}

}
