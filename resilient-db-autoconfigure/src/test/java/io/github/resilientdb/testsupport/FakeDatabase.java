package io.github.resilientdb.testsupport;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.logging.Logger;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * A database in memory that keeps what is executed, by transaction, and fails on demand.
 */
public final class FakeDatabase implements DataSource {

	private final List<String> committed = new CopyOnWriteArrayList<>();

	private final List<Session> sessions = new CopyOnWriteArrayList<>();

	private boolean bornWithAutoCommit = true;

	public FakeDatabase bornWithoutAutoCommit() {
		this.bornWithAutoCommit = false;
		return this;
	}

	public List<String> committed() {
		return this.committed;
	}

	public List<Session> sessions() {
		return this.sessions;
	}

	public Session session() {
		return this.sessions.get(this.sessions.size() - 1);
	}

	@Override
	public Connection getConnection() {
		Session session = new Session();
		this.sessions.add(session);
		return session.connection;
	}

	@Override
	public Connection getConnection(@Nullable String username, @Nullable String password) {
		return getConnection();
	}

	@Override
	public @Nullable PrintWriter getLogWriter() {
		return null;
	}

	@Override
	public void setLogWriter(@Nullable PrintWriter out) {
	}

	@Override
	public void setLoginTimeout(int seconds) {
	}

	@Override
	public int getLoginTimeout() {
		return 0;
	}

	@Override
	public Logger getParentLogger() throws SQLFeatureNotSupportedException {
		throw new SQLFeatureNotSupportedException();
	}

	@Override
	public <T> T unwrap(Class<T> type) throws SQLException {
		throw new SQLException("no wrapper");
	}

	@Override
	public boolean isWrapperFor(Class<?> type) {
		return false;
	}

	public static SQLException lost() {
		return new SQLException("terminating connection due to administrator command", "57P01");
	}

	private static Object proxy(InvocationHandler handler, Class<?>... types) {
		return Proxy.newProxyInstance(FakeDatabase.class.getClassLoader(), types, (proxy, method, arguments) -> {
			if (method.getDeclaringClass() == Object.class) {
				return switch (method.getName()) {
					case "equals" -> proxy == arguments[0];
					case "hashCode" -> System.identityHashCode(proxy);
					default -> types[0].getSimpleName();
				};
			}
			return handler.invoke(proxy, method, arguments);
		});
	}

	/**
	 * A session on the server and the connection that leads to it.
	 */
	public final class Session {

		public final Connection connection = (Connection) proxy(this::onConnection, Connection.class);

		private final List<String> pending = new ArrayList<>();

		private final List<String> calls = new CopyOnWriteArrayList<>();

		private boolean autoCommit = FakeDatabase.this.bornWithAutoCommit;

		private boolean readOnly;

		private boolean closed;

		private @Nullable Throwable failure;

		private Predicate<String> failing = (call) -> false;

		/**
		 * What is called, on the connection and its statements.
		 */
		public List<String> calls() {
			return this.calls;
		}

		public boolean isClosed() {
			return this.closed;
		}

		/**
		 * Fail whenever one of these is called.
		 */
		public void failOn(Throwable failure, String... calls) {
			this.failure = failure;
			this.failing = List.of(calls)::contains;
		}

		/**
		 * Execute a statement, with nobody between the caller and this session.
		 */
		public void execute(String sql) {
			(this.autoCommit ? FakeDatabase.this.committed : this.pending).add(sql);
		}

		private void called(String call) throws Throwable {
			this.calls.add(call);
			if (this.failing.test(call) && this.failure != null) {
				throw this.failure;
			}
			if (this.closed && !call.equals("close") && !call.equals("isClosed")) {
				throw new SQLException("This connection has been closed.", "08003");
			}
		}

		private void commit() {
			FakeDatabase.this.committed.addAll(this.pending);
			this.pending.clear();
		}

		private @Nullable Object onConnection(Object proxy, Method method, Object @Nullable [] arguments)
				throws Throwable {
			String name = method.getName();
			called(name);
			switch (name) {
				case "getAutoCommit" -> {
					return this.autoCommit;
				}
				case "isReadOnly" -> {
					return this.readOnly;
				}
				case "isClosed" -> {
					return this.closed;
				}
				case "isValid" -> {
					return !this.closed;
				}
				case "isWrapperFor" -> {
					return false;
				}
				case "getTransactionIsolation" -> {
					return Connection.TRANSACTION_READ_COMMITTED;
				}
				case "getNetworkTimeout" -> {
					return 0;
				}
				case "createStatement" -> {
					return statement("", Statement.class);
				}
				case "prepareStatement" -> {
					return statement((String) arguments[0], PreparedStatement.class);
				}
				case "setReadOnly" -> {
					this.readOnly = (boolean) arguments[0];
				}
				case "setAutoCommit" -> {
					if ((boolean) arguments[0] && !this.autoCommit) {
						commit();
					}
					this.autoCommit = (boolean) arguments[0];
				}
				case "commit" -> commit();
				case "rollback" -> this.pending.clear();
				case "close", "abort" -> {
					this.closed = true;
					this.pending.clear();
				}
				default -> {
				}
			}
			return null;
		}

		private Object statement(String prepared, Class<?> type) {
			return proxy((proxy, method, arguments) -> {
				String name = method.getName();
				called(name);
				switch (name) {
					case "execute", "executeUpdate", "executeQuery" -> {
						execute((arguments != null) ? (String) arguments[0] : prepared);
						return switch (name) {
							case "execute" -> (Object) false;
							case "executeUpdate" -> 1;
							default -> proxy(this::onResults, ResultSet.class);
						};
					}
					case "getFetchSize", "getMaxRows", "getQueryTimeout", "getUpdateCount" -> {
						return 0;
					}
					case "getMoreResults", "isClosed", "isWrapperFor" -> {
						return false;
					}
					case "getConnection" -> {
						return this.connection;
					}
					default -> {
						return null;
					}
				}
			}, type);
		}

		private @Nullable Object onResults(Object proxy, Method method, Object @Nullable [] arguments)
				throws Throwable {
			called("ResultSet." + method.getName());
			return switch (method.getName()) {
				case "next", "wasNull", "isClosed", "isWrapperFor" -> false;
				case "getFetchSize" -> 10;
				case "getConcurrency" -> ResultSet.CONCUR_READ_ONLY;
				default -> null;
			};
		}

	}

}
