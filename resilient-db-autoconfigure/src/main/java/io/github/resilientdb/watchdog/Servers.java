package io.github.resilientdb.watchdog;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The servers of a pool, as seen beside it.
 */
@FunctionalInterface
public interface Servers {

	/**
	 * Try to open a connection.
	 * @param address the address of the server
	 * @param patience how long it may be silent, in nanoseconds
	 * @param deadline when connecting and asking must be over, as a value of
	 * {@link System#nanoTime()}
	 * @return what came of it
	 */
	Visit visit(String address, long patience, long deadline);

	/**
	 * What came of an attempt to connect.
	 */
	sealed interface Visit {

	}

	/**
	 * A connection.
	 *
	 * @param connection the connection
	 */
	record Reached(Connection connection) implements Visit {

		void close() {
			try {
				this.connection.close();
			}
			catch (SQLException ex) {
				// it was good for one question
			}
		}

	}

	/**
	 * Somebody answered, if only to refuse; or the attempt failed otherwise than by
	 * silence.
	 *
	 * @param reason why there is no connection
	 */
	record Refused(Exception reason) implements Visit {

	}

	/**
	 * Not a byte came in time.
	 */
	record Silent() implements Visit {

	}

}
