package io.github.resilientdb.pool.guard;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.v3.QueryExecutorImpl;

import org.springframework.objenesis.SpringObjenesis;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DriverOperation}, which relies on a field of the driver.
 */
class DriverOperationTests {

	private final QueryExecutorImpl executor = new SpringObjenesis().newInstance(QueryExecutorImpl.class, false);

	private boolean closed;

	private final Connection connection = (Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { BaseConnection.class }, (proxy, method, arguments) -> switch (method.getName()) {
				case "unwrap" -> {
					if (this.closed) {
						throw new SQLException("This connection has been closed.", "08003");
					}
					yield proxy;
				}
				case "getQueryExecutor" -> this.executor;
				default -> null;
			});

	@Test
	void isUnderWayWhileTheDriverIsReserved() {
		assertThat(DriverOperation.isUnderWay(this.connection)).isFalse();
		ReflectionTestUtils.setField(this.executor, "lockedFor", new Object());
		assertThat(DriverOperation.isUnderWay(this.connection)).isTrue();
	}

	@Test
	void connectionThatWasClosedSaysNothingOfOthers() {
		ReflectionTestUtils.setField(this.executor, "lockedFor", new Object());
		this.closed = true;
		assertThat(DriverOperation.isUnderWay(this.connection)).isFalse();
		this.closed = false;
		assertThat(DriverOperation.isUnderWay(this.connection)).isTrue();
	}

}
