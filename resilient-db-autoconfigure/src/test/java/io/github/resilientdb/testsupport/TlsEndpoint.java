package io.github.resilientdb.testsupport;

import java.io.DataInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import io.github.resilientdb.test.proxy.ClientSide;

/**
 * A server's end of encrypted connections: negotiates TLS as PostgreSQL does, and refuses
 * who wants none.
 */
final class TlsEndpoint implements ClientSide {

	private static final int SSL_REQUEST = 80877103;

	private static final int GSS_ENCRYPTION_REQUEST = 80877104;

	private static final int REQUEST_LENGTH = 8;

	private static final int PATIENCE_MILLIS = 30_000;

	private final SSLContext context;

	private TlsEndpoint(SSLContext context) {
		this.context = context;
	}

	static TlsEndpoint selfSigned() {
		try {
			Path directory = Files.createTempDirectory("tls");
			Path store = directory.resolve("server.p12");
			KeyStore keys = SelfSignedCertificate.create(store);
			Files.delete(store);
			Files.delete(directory);
			KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			factory.init(keys, SelfSignedCertificate.PASSWORD.toCharArray());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(factory.getKeyManagers(), null, null);
			return new TlsEndpoint(context);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Cannot set up TLS", ex);
		}
	}

	/**
	 * Negotiate TLS with a client. Closing what stands for the client ends the connection
	 * as a network does that fails, without TLS's farewell.
	 */
	@Override
	public Socket accept(Socket client) throws IOException {
		client.setSoTimeout(PATIENCE_MILLIS);
		DataInputStream input = new DataInputStream(client.getInputStream());
		while (true) {
			int length = input.readInt();
			int code = input.readInt();
			if (length != REQUEST_LENGTH || (code != SSL_REQUEST && code != GSS_ENCRYPTION_REQUEST)) {
				throw new IOException("A client that wants no TLS");
			}
			client.getOutputStream().write((code == SSL_REQUEST) ? 'S' : 'N');
			if (code == SSL_REQUEST) {
				break;
			}
		}
		SSLSocket encrypted = (SSLSocket) this.context.getSocketFactory()
			.createSocket(client, client.getInetAddress().getHostAddress(), client.getPort(), false);
		encrypted.setUseClientMode(false);
		encrypted.startHandshake();
		client.setSoTimeout(0);
		return new Decrypted(client, encrypted);
	}

	/**
	 * Reads and writes through TLS, and does everything else to the socket below.
	 */
	private static final class Decrypted extends Socket {

		private final Socket socket;

		private final InputStream input;

		private final OutputStream output;

		Decrypted(Socket socket, SSLSocket encrypted) throws IOException {
			this.socket = socket;
			this.input = encrypted.getInputStream();
			this.output = new FilterOutputStream(encrypted.getOutputStream()) {

				@Override
				public void write(byte[] data, int offset, int length) throws IOException {
					this.out.write(data, offset, length);
				}

				@Override
				public void close() throws IOException {
					socket.close();
				}

			};
		}

		@Override
		public InputStream getInputStream() {
			return this.input;
		}

		@Override
		public OutputStream getOutputStream() {
			return this.output;
		}

		@Override
		public void setTcpNoDelay(boolean on) throws SocketException {
			this.socket.setTcpNoDelay(on);
		}

		@Override
		public void setSoLinger(boolean on, int seconds) throws SocketException {
			this.socket.setSoLinger(on, seconds);
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

}
