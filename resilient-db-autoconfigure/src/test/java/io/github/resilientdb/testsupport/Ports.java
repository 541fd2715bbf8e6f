package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.jspecify.annotations.Nullable;

/**
 * Ports for servers that must keep theirs when they are down, and ports where nobody
 * listens. They lie outside the range from which systems choose a port for whoever asks
 * for any. Each JVM takes them from a block of its own, which it marks by listening on
 * the first; classes that are loaded once more in a JVM share its block. Thread-safe.
 */
public final class Ports {

	private static final int FIRST = 20_000;

	private static final int END = 32_000;

	private static final int BLOCK = 200;

	private static final String PROPERTY = "first.port.of.tests";

	private static final @Nullable ServerSocket MARK = (Integer.getInteger(PROPERTY) == null) ? mark() : null;

	private static final int MARKED = Integer.getInteger(PROPERTY);

	private static int next = (MARK != null) ? MARKED + 1 : MARKED + BLOCK / 2;

	private Ports() {
	}

	/**
	 * Return a port where nobody listens, another one with each of 199 calls.
	 * @return a port
	 */
	public static synchronized int free() {
		for (int i = 1; i < BLOCK; i++) {
			int port = next;
			next = (port + 1 < MARKED + BLOCK) ? port + 1 : MARKED + 1;
			try (ServerSocket socket = listen(port)) {
				if (socket != null) {
					return port;
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		throw new IllegalStateException("No port is free from " + MARKED);
	}

	private static ServerSocket mark() {
		for (int port = FIRST; port < END; port += BLOCK) {
			ServerSocket socket = listen(port);
			if (socket != null) {
				System.setProperty(PROPERTY, Integer.toString(port));
				return socket;
			}
		}
		throw new IllegalStateException("No block of ports is free from %d to %d".formatted(FIRST, END));
	}

	private static @Nullable ServerSocket listen(int port) {
		try {
			return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			return null;
		}
	}

}
