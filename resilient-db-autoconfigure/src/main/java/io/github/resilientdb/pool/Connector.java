package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Opens physical connections.
 */
interface Connector {

	/**
	 * Open a connection.
	 * @param username the user, {@code null} for the configured one
	 * @param password the password, {@code null} for the configured one
	 * @param deadline until when that may take, as a value of {@link System#nanoTime()}
	 * @param primary whether the server must be a primary
	 * @return the connection
	 * @throws SQLException if there is none to be had
	 */
	Physical connect(@Nullable String username, @Nullable String password, long deadline, PrimaryRequirement primary)
			throws SQLException;

	/**
	 * Return how many servers one attempt may ask.
	 */
	default int hosts() {
		return 1;
	}

	/**
	 * Return whether the configuration asks for a standby.
	 */
	default boolean prefersStandby() {
		return false;
	}

	/**
	 * Return how many attempts that nobody waits for any more have not come back.
	 */
	default int hanging() {
		return 0;
	}

	/**
	 * Return why connections of this kind have no socket to look at.
	 * @return the reason, {@code null} if they have one
	 */
	@Nullable String probeUnavailable();

	/**
	 * A physical connection.
	 *
	 * @param connection the driver's connection
	 * @param wire its socket, {@code null} if it is not ours
	 * @param standby whether it leads to a standby, as far as that matters
	 */
	record Physical(Connection connection, @Nullable WireSocket wire, boolean standby) implements AutoCloseable {

		/**
		 * Return what tells when the last answer came, {@code null} if nothing does.
		 */
		@Nullable LongSupplier lastAnswer() {
			return (this.wire != null) ? this.wire::lastAnswerAt : null;
		}

		/**
		 * Close the connection, and its socket whatever the driver does: if its farewell
		 * can't be sent, it leaves the socket to the garbage collector, which closes none
		 * of ours.
		 */
		@Override
		public void close() throws SQLException {
			close(this.connection, this.wire);
		}

		static void close(Connection connection, @Nullable WireSocket wire) throws SQLException {
			try {
				connection.close();
			}
			finally {
				if (wire != null) {
					wire.closeNow();
				}
			}
		}

	}

}
