package io.github.resilientdb.testsupport;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Forwards TCP connections until told to swallow everything, as a network that silently
 * drops packets does.
 */
public final class SilentProxy implements Closeable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final int target;

	private volatile boolean silent;

	public SilentProxy(int target) throws IOException {
		this.target = target;
		start(this::accept);
	}

	public int port() {
		return this.server.getLocalPort();
	}

	public void fallSilent() {
		this.silent = true;
	}

	private void accept() throws IOException {
		while (!this.server.isClosed()) {
			Socket client = this.server.accept();
			Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
			client.setTcpNoDelay(true);
			upstream.setTcpNoDelay(true);
			this.sockets.addAll(List.of(client, upstream));
			if (this.server.isClosed()) {
				closeSockets(); // nobody else does any more
			}
			start(() -> forward(client, upstream));
			start(() -> forward(upstream, client));
		}
	}

	private void forward(Socket from, Socket to) throws IOException {
		byte[] buffer = new byte[16384];
		for (int n = from.getInputStream().read(buffer); n >= 0; n = from.getInputStream().read(buffer)) {
			if (!this.silent) {
				to.getOutputStream().write(buffer, 0, n);
			}
		}
		if (!this.silent) {
			to.shutdownOutput();
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		closeSockets();
	}

	private void closeSockets() throws IOException {
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// the connection is over, which is what ends the thread
			}
		}, "silent-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	private interface Task {

		void run() throws IOException;

	}

}
