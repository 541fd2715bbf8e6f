package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

import javax.net.SocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * Makes the sockets of one database connection: named to the PostgreSQL driver by its
 * {@code socketFactory} property, and instantiated by it. Not for other use.
 */
public final class WireSocketFactory extends SocketFactory {

	private final WireTicket ticket;

	/**
	 * Create the factory of the connect attempt that the token stands for.
	 * @param token the driver's {@code socketFactoryArg}
	 */
	public WireSocketFactory(String token) {
		this.ticket = WireTicket.of(token);
	}

	@Override
	public Socket createSocket() throws IOException {
		return this.ticket.createSocket();
	}

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		return connect(new InetSocketAddress(host, port), null);
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
		return connect(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return connect(new InetSocketAddress(host, port), null);
	}

	@Override
	public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
		return connect(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
	}

	private Socket connect(InetSocketAddress remote, @Nullable InetSocketAddress local) throws IOException {
		Socket socket = createSocket();
		try {
			if (local != null) {
				socket.bind(local);
			}
			socket.connect(remote);
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

}
