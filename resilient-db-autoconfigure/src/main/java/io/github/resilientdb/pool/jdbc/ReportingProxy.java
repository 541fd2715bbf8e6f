package io.github.resilientdb.pool.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Reports the failures of what is too rare for a class of its own: callable statements,
 * metadata, and results that are fetched in portions. Those that the driver has read as a
 * whole can't fail with the connection, and stay as they are.
 */
public final class ReportingProxy implements InvocationHandler {

	// of results: each is a statement of its own
	private static final Set<String> WRITING = Set.of("insertRow", "updateRow", "deleteRow");

	private final Object target;

	private final @Nullable Statement statement;

	private final StatementOwner connection;

	private ReportingProxy(Object target, @Nullable Statement statement, StatementOwner connection) {
		this.target = target;
		this.statement = statement;
		this.connection = connection;
	}

	public static CallableStatement of(CallableStatement statement, StatementOwner connection) {
		return of(CallableStatement.class, statement, null, connection);
	}

	public static DatabaseMetaData of(DatabaseMetaData metadata, StatementOwner connection) {
		return of(DatabaseMetaData.class, metadata, null, connection);
	}

	static ResultSet of(ResultSet results, @Nullable Statement statement, StatementOwner connection) {
		return mayAskServer(results) ? of(ResultSet.class, results, statement, connection) : results;
	}

	private static boolean mayAskServer(ResultSet results) {
		try {
			return results.getFetchSize() != 0 || results.getConcurrency() != ResultSet.CONCUR_READ_ONLY;
		}
		catch (SQLException ex) {
			// closed already
			return false;
		}
	}

	private static <T> T of(Class<T> type, T target, @Nullable Statement statement, StatementOwner connection) {
		return type.cast(Proxy.newProxyInstance(ReportingProxy.class.getClassLoader(), new Class<?>[] { type },
				new ReportingProxy(target, statement, connection)));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
		switch (method.getName()) {
			case "equals" -> {
				return proxy == argument(arguments);
			}
			case "hashCode" -> {
				return System.identityHashCode(proxy);
			}
			case "unwrap" -> {
				if (argument(arguments) instanceof Class<?> type && type.isInstance(proxy)) {
					return proxy;
				}
			}
			case "getStatement" -> {
				if (this.statement != null) {
					return this.statement;
				}
			}
			case "getConnection" -> {
				return this.connection.lease();
			}
			default -> {
			}
		}
		return call(proxy, method, arguments);
	}

	private static @Nullable Object argument(Object @Nullable [] arguments) {
		return (arguments != null) ? arguments[0] : null;
	}

	private boolean executes(String method) {
		return (this.target instanceof Statement) ? method.startsWith("execute") : WRITING.contains(method);
	}

	private @Nullable Object call(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
		if (executes(method.getName())) {
			this.connection.executing();
		}
		try {
			Object result = method.invoke(this.target, arguments);
			boolean isResults = result instanceof ResultSet && method.getReturnType() == ResultSet.class;
			return isResults
					? of((ResultSet) result, (proxy instanceof Statement owner) ? owner : null, this.connection)
					: result;
		}
		catch (InvocationTargetException ex) {
			if (ex.getCause() instanceof SQLException failure && !method.getName().equals("cancel")) {
				throw this.connection.failed(failure);
			}
			throw ex.getCause();
		}
	}

}
