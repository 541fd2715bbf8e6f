package io.github.resilientdb.watchdog;

import java.sql.Connection;

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
	 * @param closing what closes it, and its socket
	 */
	record Reached(Connection connection, AutoCloseable closing) implements Visit {

		void close() {
			try {
				this.closing.close();
			}
			catch (Exception ex) {
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
