package io.github.resilientdb.pool.guard;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * An operation of the PostgreSQL driver that reserves its connection, as COPY does.
 * Everybody else waits until it is over, without a limit, and whoever left it open will
 * never end it. The driver tells nobody, so its own field is looked at.
 */
final class DriverOperation {

	private static final String DRIVER = "org.postgresql.core.BaseConnection";

	private static volatile @Nullable Field reservation;

	private static volatile boolean unavailable;

	private DriverOperation() {
	}

	/**
	 * Return whether such an operation is under way.
	 * @param physical a connection that nobody uses
	 * @return whether it is, {@code false} if that can't be told
	 */
	static boolean isUnderWay(Connection physical) {
		if (unavailable) {
			return false;
		}
		try {
			Class<?> type = Class.forName(DRIVER, false, physical.getClass().getClassLoader());
			Method accessor = type.getMethod("getQueryExecutor");
			Object executor = accessor.invoke(physical.unwrap(type));
			return reservation(executor).get(executor) != null;
		}
		catch (SQLException ex) {
			// of this connection only: it was closed
			return false;
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			unavailable = true;
			return false;
		}
	}

	private static Field reservation(Object executor) throws NoSuchFieldException {
		Field field = reservation;
		if (field == null) {
			field = executor.getClass().getDeclaredField("lockedFor");
			field.setAccessible(true);
			reservation = field;
		}
		return field;
	}

}
