package io.github.resilientdb.matrix;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.logging.Logger;

import org.jspecify.annotations.Nullable;

/**
 * A driver that wraps the connections and statements of another, as those do that log or
 * measure statements.
 */
public final class WrappingDriver implements Driver {

	static final String PREFIX = "jdbc:wrapped:";

	private static boolean registered;

	static synchronized void register() {
		if (!registered) {
			registered = true;
			try {
				DriverManager.registerDriver(new WrappingDriver());
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	@Override
	public @Nullable Connection connect(String url, Properties properties) throws SQLException {
		if (!acceptsURL(url)) {
			return null;
		}
		return wrap(Connection.class, DriverManager.getConnection(wrappedUrl(url), properties), null);
	}

	private static String wrappedUrl(String url) {
		return url.substring(PREFIX.length());
	}

	private static <T> T wrap(Class<T> type, T wrapped, @Nullable Connection connection) {
		InvocationHandler handler = (proxy, method, arguments) -> invoke(proxy, wrapped, connection, method, arguments);
		return type.cast(Proxy.newProxyInstance(WrappingDriver.class.getClassLoader(),
				new Class<?>[] { type, Wrapper.class }, handler));
	}

	private static @Nullable Object invoke(Object proxy, Object wrapped, @Nullable Connection connection, Method method,
			Object @Nullable [] arguments) throws Throwable {
		switch (method.getName()) {
			case "equals":
				return proxy == arguments[0];
			case "isWrapperFor":
				if (((Class<?>) arguments[0]).isInstance(proxy)) {
					return true;
				}
				break;
			case "unwrap":
				if (((Class<?>) arguments[0]).isInstance(proxy)) {
					return proxy;
				}
				break;
			case "getConnection":
				if (connection != null) {
					return connection;
				}
				break;
			default:
				break;
		}
		try {
			Object result = method.invoke(wrapped, arguments);
			if (proxy instanceof Connection own) {
				return wrapResult(own, result);
			}
			return result;
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	private static @Nullable Object wrapResult(Connection connection, @Nullable Object result) {
		if (result instanceof PreparedStatement statement) {
			return wrap(PreparedStatement.class, statement, connection);
		}
		if (result instanceof Statement statement) {
			return wrap(Statement.class, statement, connection);
		}
		return result;
	}

	@Override
	public boolean acceptsURL(String url) {
		return url.startsWith(PREFIX);
	}

	@Override
	public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
		return new DriverPropertyInfo[0];
	}

	@Override
	public int getMajorVersion() {
		return 1;
	}

	@Override
	public int getMinorVersion() {
		return 0;
	}

	@Override
	public boolean jdbcCompliant() {
		return false;
	}

	@Override
	public Logger getParentLogger() {
		return Logger.getLogger(WrappingDriver.class.getName());
	}

	/**
	 * Tells that something is wrapped.
	 */
	interface Wrapper {

	}

}
