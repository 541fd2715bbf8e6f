package io.github.resilientdb.pool.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;

import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;

/**
 * A physical connection.
 *
 * @param connection the driver's connection
 * @param wire its socket, {@code null} if it is not ours
 * @param standby whether it leads to a standby, as far as that matters
 * @param address which of several hosts it leads to, {@code null} if there is one
 */
public record Physical(Connection connection, @Nullable WireSocket wire, boolean standby,
		@Nullable String address) implements AutoCloseable {

	/**
	 * Return what tells when the last answer came, {@code null} if nothing does.
	 */
	public @Nullable LongSupplier lastAnswer() {
		return (this.wire != null) ? this.wire::lastAnswerAt : null;
	}

	/**
	 * Close what nobody wants any more.
	 */
	void closeQuietly() {
		try {
			close();
		}
		catch (SQLException ex) {
			// nobody wants it
		}
	}

	/**
	 * Close the connection, and its socket whatever the driver does: if its farewell
	 * can't be sent, it leaves the socket to the garbage collector, which closes none of
	 * ours.
	 */
	@Override
	public void close() throws SQLException {
		close(this.connection, this.wire);
	}

	public static void close(Connection connection, @Nullable WireSocket wire) throws SQLException {
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
