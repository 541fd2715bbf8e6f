package io.github.resilientdb.pool;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lets nobody in, and counts those who ask.
 */
final class UnwillingServer implements Closeable {

	private final ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());

	private final Refusal refusal;

	private final List<Long> asked = new ArrayList<>();

	UnwillingServer(Refusal refusal) throws IOException {
		this.refusal = refusal;
		Thread thread = new Thread(this::accept, "unwilling-server");
		thread.setDaemon(true);
		thread.start();
	}

	String jdbcUrl() {
		return "jdbc:postgresql://127.0.0.1:%d/bank".formatted(this.listener.getLocalPort());
	}

	/**
	 * Return how many have asked within one second, at most.
	 */
	synchronized int mostPerSecond() {
		int most = 0;
		int from = 0;
		for (int to = 0; to < this.asked.size(); to++) {
			while (this.asked.get(to) - this.asked.get(from) >= TimeUnit.SECONDS.toNanos(1)) {
				from++;
			}
			most = Math.max(most, to - from + 1);
		}
		return most;
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try (Socket client = this.listener.accept()) {
				synchronized (this) {
					this.asked.add(System.nanoTime());
				}
				this.refusal.answer(client);
			}
			catch (IOException ex) {
				// the client is gone, or the listener is closed
			}
		}
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
	}

	/**
	 * How to let nobody in.
	 */
	enum Refusal {

		/**
		 * Hang up, as a proxy does that has no server.
		 */
		HANG_UP {

			@Override
			void answer(Socket client) {
				// it is closed
			}

		},

		/**
		 * Answer as a server does that is starting up.
		 */
		STARTING_UP {

			@Override
			void answer(Socket client) throws IOException {
				DataInputStream in = new DataInputStream(client.getInputStream());
				DataOutputStream out = new DataOutputStream(client.getOutputStream());
				byte[] request = new byte[in.readInt() - Integer.BYTES];
				in.readFully(request);
				if (request.length == Integer.BYTES) {
					out.writeByte('N');
					in.readFully(new byte[in.readInt() - Integer.BYTES]);
				}
				ByteArrayOutputStream fields = new ByteArrayOutputStream();
				for (String field : List.of("SFATAL", "VFATAL", "C57P03", "Mthe database system is starting up")) {
					fields.write(field.getBytes(StandardCharsets.UTF_8));
					fields.write(0);
				}
				fields.write(0);
				out.writeByte('E');
				out.writeInt(fields.size() + Integer.BYTES);
				fields.writeTo(out);
				out.flush();
			}

		};

		abstract void answer(Socket client) throws IOException;

	}

}
