package io.github.resilientdb.matrix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

import javax.net.SocketFactory;

/**
 * Makes sockets of which the starter knows nothing.
 */
public final class ForeignSocketFactory extends SocketFactory {

	@Override
	public Socket createSocket() {
		return new ForeignSocket();
	}

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		return connect(new InetSocketAddress(host, port));
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
		return connect(new InetSocketAddress(host, port));
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return connect(new InetSocketAddress(host, port));
	}

	@Override
	public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
		return connect(new InetSocketAddress(host, port));
	}

	private static Socket connect(InetSocketAddress address) throws IOException {
		Socket socket = new ForeignSocket();
		socket.connect(address);
		return socket;
	}

	/**
	 * One of them.
	 */
	static final class ForeignSocket extends Socket {

	}

}
