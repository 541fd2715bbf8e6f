package io.github.resilientdb.pool;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Speaks just enough of PostgreSQL's protocol to turn everyone away with an SQLSTATE that
 * a real server has only for moments.
 */
final class TurningAwayServer implements Closeable {

	private static final int SSL_REQUEST = 80877103;

	private static final int GSS_REQUEST = 80877104;

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final byte[] error;

	TurningAwayServer(String sqlState, String message) throws IOException {
		this.error = ("SFATAL\0VFATAL\0C" + sqlState + "\0M" + message + "\0\0").getBytes(StandardCharsets.UTF_8);
		Thread thread = new Thread(this::serve, "turning-away");
		thread.setDaemon(true);
		thread.start();
	}

	String jdbcUrl() {
		return "jdbc:postgresql://127.0.0.1:%d/x".formatted(this.server.getLocalPort());
	}

	private void serve() {
		while (!this.server.isClosed()) {
			try (Socket client = this.server.accept()) {
				turnAway(new DataInputStream(client.getInputStream()), new DataOutputStream(client.getOutputStream()));
			}
			catch (IOException ex) {
				// the client left, or the test is over
			}
		}
	}

	private void turnAway(DataInputStream in, DataOutputStream out) throws IOException {
		while (true) {
			byte[] packet = new byte[in.readInt() - 8];
			int code = in.readInt();
			in.readFully(packet);
			if (code != SSL_REQUEST && code != GSS_REQUEST) {
				break;
			}
			out.write('N');
		}
		out.write('E');
		out.writeInt(this.error.length + 4);
		out.write(this.error);
		out.flush();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
