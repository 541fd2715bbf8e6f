package io.github.resilientdb.pool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;

import javax.net.SocketFactory;

/**
 * Makes plain sockets.
 */
public final class UsersSocketFactory extends SocketFactory {

	private static volatile boolean used;

	private final SocketFactory plain = SocketFactory.getDefault();

	public UsersSocketFactory(Properties properties) {
		used = true;
	}

	static boolean isUsed() {
		return used;
	}

	@Override
	public Socket createSocket() throws IOException {
		return this.plain.createSocket();
	}

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		return this.plain.createSocket(host, port);
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
		return this.plain.createSocket(host, port, local, localPort);
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return this.plain.createSocket(host, port);
	}

	@Override
	public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
		return this.plain.createSocket(host, port, local, localPort);
	}

}
