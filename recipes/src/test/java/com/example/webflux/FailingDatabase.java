package com.example.webflux;

import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A database whose connections break where they are told to.
 */
final class FailingDatabase extends AbstractDataSource {

	private final JdbcDataSource target = new JdbcDataSource();

	private volatile @Nullable Fault armed;

	private volatile boolean fired;

	FailingDatabase() {
		this.target.setURL("jdbc:h2:mem:webflux;DB_CLOSE_DELAY=-1");
	}

	void arm(Point point, Loss loss) {
		this.fired = false;
		this.armed = new Fault(point, loss);
	}

	void disarm() {
		this.armed = null;
	}

	boolean fired() {
		return this.fired;
	}

	@Override
	public Connection getConnection() throws SQLException {
		return proxy(Connection.class, this.target.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return getConnection();
	}

	private <T> T proxy(Class<T> type, T target) {
		return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> invoke(target, method, arguments)));
	}

	private @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
		Fault fault = this.armed;
		boolean here = fault != null && fault.point().isAt(method.getName());
		if (here && fault.point() != Point.COMMIT_REPLY) {
			throw fire(target, fault);
		}
		Object result = call(target, method, arguments);
		if (here) {
			throw fire(target, fault);
		}
		return (result instanceof PreparedStatement statement) ? proxy(PreparedStatement.class, statement) : result;
	}

	private SQLException fire(Object target, Fault fault) throws SQLException {
		this.fired = true;
		((target instanceof PreparedStatement statement) ? statement.getConnection() : (Connection) target).close();
		return fault.loss().toException();
	}

	private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	enum Point {

		STATEMENT, COMMIT_REQUEST, COMMIT_REPLY;

		boolean isAt(String method) {
			return (this == STATEMENT) ? method.startsWith("execute") : method.equals("commit");
		}

	}

	enum Loss {

		END_OF_FILE, BROKEN_PIPE, RESET;

		SQLException toException() {
			IOException cause = switch (this) {
				case END_OF_FILE -> new EOFException();
				case BROKEN_PIPE -> new SocketException("Broken pipe");
				case RESET -> new IOException("Connection reset by peer");
			};
			return new SQLException("An I/O error occurred while sending to the backend.", "08006", cause);
		}

	}

	private record Fault(Point point, Loss loss) {
	}

}
