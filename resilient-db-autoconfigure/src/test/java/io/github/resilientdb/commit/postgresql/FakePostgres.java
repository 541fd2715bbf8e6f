package io.github.resilientdb.commit.postgresql;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.commit.Deadline;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.TransactionState;

/**
 * A server without a server: connections that look like the driver's, and answer each
 * statement as a test says. The answer to the text that was said last, and that the
 * statement contains, counts; without one there are no rows. "COMMIT" means the call, and
 * "CANCEL" that the driver is to interrupt what a connection waits for.
 */
final class FakePostgres {

	static final int PID = 42;

	private final List<String> log = new CopyOnWriteArrayList<>();

	private final Map<String, Answer> answers = Collections.synchronizedMap(new LinkedHashMap<>());

	private final AtomicInteger open = new AtomicInteger();

	FakePostgres() {
		server(state(PID, false, new ContinuityToken("cluster", "00000001", "100", "200")));
	}

	static ServerState state(int pid, boolean standby, ContinuityToken token) {
		return new ServerState(pid, "1000", standby, false, token);
	}

	/**
	 * Say what a connection is told of the server.
	 */
	FakePostgres server(ServerState state) {
		ContinuityToken token = state.token();
		return answer("pg_catalog.pg_backend_pid(), (SELECT",
				row(state.backendPid(), state.backendStart(), state.standby(), state.readOnly(),
						token.systemIdentifier(), token.timeline(), token.statisticsReset(), token.postmasterStart()));
	}

	/**
	 * Say that the marker table is there, and may be used.
	 */
	FakePostgres withMarker() {
		return answer("SELECT n.nspname FROM", row("public")).answer("has_schema_privilege", row("true"))
			.answer("has_table_privilege", row("true"))
			.answer("has_function_privilege", row("true"))
			.answer("to_regprocedure(?)::text", row("public.resilientdb_commit_marker_set(uuid)"));
	}

	FakePostgres answer(String text, Answer answer) {
		this.answers.remove(text);
		this.answers.put(text, answer);
		return this;
	}

	static Answer row(@Nullable Object... columns) {
		return (parameters) -> columns;
	}

	static Answer noRow() {
		return (parameters) -> null;
	}

	static Answer failure(String sqlState) {
		return (parameters) -> {
			throw new SQLException("refused with " + sqlState, sqlState);
		};
	}

	/**
	 * What was sent, in its order, on all connections.
	 */
	List<String> log() {
		return this.log;
	}

	long sent(String text) {
		return List.copyOf(this.log).stream().filter((sql) -> sql.contains(text)).count();
	}

	int open() {
		return this.open.get();
	}

	/**
	 * Begin a transaction on a connection of its own, as a search does to ask.
	 */
	VerificationTransaction begin() throws SQLException {
		return VerificationTransaction.begin(connect(0), new ServerProbe(), Deadline.after(Duration.ofMinutes(1)));
	}

	Connection connect(long deadlineNanos) {
		this.open.incrementAndGet();
		return new FakeConnection().proxy;
	}

	private @Nullable Object answerTo(String sql, Object[] parameters) throws SQLException {
		this.log.add(sql);
		List<Map.Entry<String, Answer>> said;
		synchronized (this.answers) {
			said = new ArrayList<>(this.answers.entrySet());
		}
		Collections.reverse(said);
		for (Map.Entry<String, Answer> entry : said) {
			if (entry.getKey().equals("COMMIT") ? sql.equals("COMMIT") : sql.contains(entry.getKey())) {
				return entry.getValue().to(parameters);
			}
		}
		return null;
	}

	private static ResultSet rows(@Nullable Object answer) {
		boolean[] before = { answer instanceof Object[] };
		return proxy(ResultSet.class, (proxy, method, arguments) -> {
			switch (method.getName()) {
				case "next":
					boolean found = before[0];
					before[0] = false;
					return found;
				case "close":
					return null;
				default:
					return column(method.getReturnType(), ((Object[]) answer)[(Integer) arguments[0] - 1]);
			}
		});
	}

	private static @Nullable Object column(Class<?> type, @Nullable Object value) {
		if (type == String.class) {
			return (value != null) ? value.toString() : null;
		}
		if (type == long.class) {
			return (value != null) ? ((Number) value).longValue() : 0L;
		}
		if (type == int.class) {
			return (value != null) ? ((Number) value).intValue() : 0;
		}
		return value;
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	@FunctionalInterface
	interface Answer {

		/**
		 * Return the columns of a row, {@code null} for no row, or the number of rows
		 * that were changed.
		 */
		@Nullable Object to(Object[] parameters) throws SQLException;

	}

	private final class FakeConnection {

		private final BaseConnection proxy = proxy(BaseConnection.class,
				(proxy, method, arguments) -> call(method.getName(), arguments));

		private TransactionState state = TransactionState.IDLE;

		private boolean autoCommit = true;

		private boolean readOnly;

		private boolean closed;

		private @Nullable SQLWarning warning;

		private @Nullable Object call(String method, Object[] arguments) throws SQLException {
			switch (method) {
				case "isWrapperFor":
					return true;
				case "unwrap":
					return this.proxy;
				case "getTransactionState":
					return this.state;
				case "getBackendPID":
					return PID;
				case "hintReadOnly":
					return this.readOnly;
				case "setReadOnly":
					this.readOnly = (boolean) arguments[0];
					return null;
				case "getQueryExecutor":
					return proxy(QueryExecutor.class, (executor, called, none) -> answerTo("CANCEL", new Object[0]));
				case "getAutoCommit":
					return this.autoCommit;
				case "setAutoCommit":
					this.autoCommit = (boolean) arguments[0];
					return null;
				case "isClosed":
					return this.closed;
				case "clearWarnings":
					this.warning = null;
					return null;
				case "getWarnings":
					return this.warning;
				case "commit":
				case "rollback":
					return end(method.toUpperCase(Locale.ROOT));
				case "close":
				case "abort":
					closeOnce();
					return null;
				case "createStatement":
					return proxy(Statement.class, new FakeStatement(null));
				case "prepareStatement":
					return proxy(PreparedStatement.class, new FakeStatement((String) arguments[0]));
				case "toString":
					return "fake connection";
				case "hashCode":
					return System.identityHashCode(this);
				case "equals":
					return arguments[0] == this.proxy;
				default:
					return null;
			}
		}

		private void closeOnce() {
			if (!this.closed) {
				FakePostgres.this.open.decrementAndGet();
			}
			this.closed = true;
		}

		private @Nullable Object end(String sql) throws SQLException {
			this.state = TransactionState.IDLE;
			if (answerTo(sql, new Object[0]) instanceof SQLWarning told) {
				this.warning = told;
			}
			return null;
		}

		private @Nullable Object run(String sql, Object[] parameters) throws SQLException {
			try {
				this.state = this.autoCommit ? TransactionState.IDLE : TransactionState.OPEN;
				Object answer = answerTo(sql, parameters);
				if (sql.endsWith("; COMMIT")) {
					this.state = TransactionState.IDLE;
				}
				return answer;
			}
			catch (SQLException ex) {
				this.state = this.autoCommit ? TransactionState.IDLE : TransactionState.FAILED;
				if (String.valueOf(ex.getSQLState()).startsWith("08")) {
					closeOnce();
				}
				throw ex;
			}
		}

		private final class FakeStatement implements InvocationHandler {

			private final @Nullable String prepared;

			private final Map<Integer, Object> parameters = new TreeMap<>();

			private @Nullable Object answer;

			FakeStatement(@Nullable String prepared) {
				this.prepared = prepared;
			}

			@Override
			public @Nullable Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments)
					throws SQLException {
				switch (method.getName()) {
					case "setObject":
					case "setString":
					case "setLong":
					case "setInt":
						this.parameters.put((Integer) arguments[0], arguments[1]);
						return null;
					case "execute":
						this.answer = run(sql(arguments), this.parameters.values().toArray());
						return false;
					case "executeQuery":
						this.answer = run(sql(arguments), this.parameters.values().toArray());
						return rows(this.answer);
					case "executeUpdate":
						this.answer = run(sql(arguments), this.parameters.values().toArray());
						return (this.answer instanceof Integer count) ? count : 0;
					case "getMoreResults":
						return true;
					case "getResultSet":
						return rows(this.answer);
					case "isClosed":
					case "isWrapperFor":
						return false;
					default:
						return null;
				}
			}

			private String sql(Object @Nullable [] arguments) {
				return (this.prepared != null) ? this.prepared : (String) arguments[0];
			}

		}

	}

}
