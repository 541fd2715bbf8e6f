package io.github.resilientdb.commit.postgresql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;

/**
 * A connection that tells when it is closed.
 */
final class Closing {

	private Closing() {
	}

	static Connection of(Connection connection, Runnable onClose) {
		return (Connection) Proxy.newProxyInstance(Closing.class.getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("close")) {
						onClose.run();
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

}
