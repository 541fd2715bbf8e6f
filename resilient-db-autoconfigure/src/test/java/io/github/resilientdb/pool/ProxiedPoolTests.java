package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.aop.framework.ProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pools behind the proxies of an aspect, or of what decorates every {@code DataSource}.
 */
class ProxiedPoolTests {

	private final FakeDatabase database = new FakeDatabase();

	@ParameterizedTest
	@EnumSource
	void workAsOthersDo(PoolMode mode) throws SQLException {
		try (TestPool pool = TestPool.of(this.database).mode(mode).build()) {
			ProxyFactory factory = new ProxyFactory(pool.dataSource());
			factory.setProxyTargetClass(true);
			HikariDataSource proxy = (HikariDataSource) factory.getProxy(getClass().getClassLoader());
			try (Connection connection = proxy.getConnection()) {
				TestPool.execute(connection, "A");
			}
			assertThat(this.database.committed()).containsExactly("A");
			assertThat(HikariTakeover.hangingConnects(proxy)).isZero();
			assertThat(HikariTakeover.probeUnavailable(proxy)).contains("DataSource");
			assertThat(HikariTakeover.failedConnect(proxy)).isEmpty();
			assertThat(proxy).isInstanceOf(ConnectionPool.class);
			assertThat(proxy.getPoolName()).isEqualTo(pool.dataSource().getPoolName());
		}
	}

}
