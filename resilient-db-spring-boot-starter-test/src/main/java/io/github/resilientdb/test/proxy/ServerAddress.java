package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Where a proxy connects to, and how.
 *
 * @param host the server's host
 * @param port the server's port
 * @param encryption whether to speak TLS with it
 */
record ServerAddress(String host, int port, Encryption encryption) {

	private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

	private static final int SSL_REQUEST = 80877103;

	Socket connect() throws IOException {
		Socket socket = new Socket();
		try {
			socket.setTcpNoDelay(true);
			socket.connect(new InetSocketAddress(this.host, this.port), CONNECT_TIMEOUT_MILLIS);
			return (this.encryption != Encryption.NEVER) ? encrypt(socket) : socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	private Socket encrypt(Socket socket) throws IOException {
		socket.getOutputStream().write(ByteBuffer.allocate(8).putInt(8).putInt(SSL_REQUEST).array());
		int answer = socket.getInputStream().read();
		if (answer != 'S') {
			if (answer == 'N' && this.encryption == Encryption.IF_OFFERED) {
				return socket;
			}
			if (answer == 'N') {
				throw new RefusedException(
						"the server %s:%d does not support TLS, which the data source's sslmode asks for"
							.formatted(this.host, this.port));
			}
			throw new IOException("No answer to the request for TLS");
		}
		SSLSocket encrypted = (SSLSocket) context().getSocketFactory().createSocket(socket, this.host, this.port, true);
		encrypted.startHandshake();
		return encrypted;
	}

	private static SSLContext context() throws IOException {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, new TrustManager[] { new TrustsTestServers() }, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IOException("Cannot speak TLS", ex);
		}
	}

	private static final class TrustsTestServers implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
