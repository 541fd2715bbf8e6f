package io.github.resilientdb.jpa;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.Assert;

/**
 * Connections that behave as those whose commit was verified on another one: the commit
 * returns, and they are dead, which shows in nothing but their status.
 */
final class LostAfterCommit implements BeanPostProcessor {

	private static final Set<String> SILENT = Set.of("close", "isClosed", "setAutoCommit", "getAutoCommit",
			"clearWarnings", "getWarnings", "rollback", "setReadOnly", "setTransactionIsolation");

	private final AtomicBoolean armed = new AtomicBoolean();

	/**
	 * Lose the connection of the next commit.
	 */
	void arm() {
		this.armed.set(true);
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof HikariDataSource pool) {
			pool.setDataSource(wrap(pool));
		}
		return bean;
	}

	private DataSource wrap(HikariDataSource pool) {
		DataSource target = new DriverManagerDataSource(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword());
		return (DataSource) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { DataSource.class },
				(proxy, method, arguments) -> {
					Object result = invoke(target, method, arguments);
					return (result instanceof Connection connection) ? wrap(connection, pool) : result;
				});
	}

	private Connection wrap(Connection target, HikariDataSource pool) {
		AtomicBoolean dead = new AtomicBoolean();
		ConnectionStatus status = dead::get;
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					boolean asksForStatus = arguments != null && arguments.length == 1
							&& arguments[0] == ConnectionStatus.class;
					if (asksForStatus) {
						return method.getName().equals("unwrap") ? status : true;
					}
					if (dead.get()) {
						return invokeDead(method);
					}
					Object result = invoke(target, method, arguments);
					if (method.getName().equals("commit") && this.armed.compareAndSet(true, false)) {
						dead.set(true);
						target.close();
						// Not to be lent again once it is given back
						pool.getHikariPoolMXBean().softEvictConnections();
					}
					return result;
				});
	}

	private static @Nullable Object invokeDead(Method method) throws SQLException {
		if (method.getName().equals("isValid")) {
			return false;
		}
		if (!SILENT.contains(method.getName())) {
			throw new SQLException("dead", "08006");
		}
		return (method.getReturnType() == boolean.class) ? false : null;
	}

	private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		Assert.notNull(target, "No target");
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

}
