package io.github.resilientdb.testsupport;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A port whose accept queue is full: connecting to it takes forever.
 */
public final class UnresponsivePort implements Closeable {

	private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

	private final List<SocketChannel> queued = new ArrayList<>();

	public UnresponsivePort() throws IOException {
		for (int i = 0; i < 8; i++) {
			SocketChannel channel = SocketChannel.open();
			channel.configureBlocking(false);
			channel.connect(address());
			this.queued.add(channel);
		}
	}

	public InetSocketAddress address() {
		return (InetSocketAddress) this.server.getLocalSocketAddress();
	}

	@Override
	public void close() throws IOException {
		for (SocketChannel channel : this.queued) {
			channel.close();
		}
		this.server.close();
	}

}
