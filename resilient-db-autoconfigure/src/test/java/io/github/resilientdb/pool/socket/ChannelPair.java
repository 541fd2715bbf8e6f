package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Both ends of a connection: ours, which does not block, and the peer's.
 */
record ChannelPair(SocketChannel channel, SocketChannel peer) implements AutoCloseable {

	static ChannelPair open() {
		try (ServerSocketChannel server = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			SocketChannel channel = SocketChannel.open(server.getLocalAddress());
			channel.configureBlocking(false);
			return new ChannelPair(channel, server.accept());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void send(int... bytes) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
		for (int next : bytes) {
			buffer.put((byte) next);
		}
		this.peer.write(buffer.flip());
	}

	void reset() throws IOException {
		this.peer.setOption(StandardSocketOptions.SO_LINGER, 0);
		this.peer.close();
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
		this.peer.close();
	}

}
