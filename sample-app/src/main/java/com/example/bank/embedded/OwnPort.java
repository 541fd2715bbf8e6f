package com.example.bank.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;

/**
 * A port for a server that keeps it while it is stopped. It is not one of those that a
 * system gives to whoever asks for any, and that would soon be taken.
 */
final class OwnPort {

	static final int FIRST = 10_000;

	static final int END = 20_000;

	private static final int ATTEMPTS = 100;

	private OwnPort() {
	}

	/**
	 * Choose a port where nobody listens.
	 * @param candidates the ports to try
	 * @return the first that is free
	 */
	static int choose(IntStream candidates) {
		return candidates.limit(ATTEMPTS)
			.filter(OwnPort::isFree)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No port is free from %d to %d".formatted(FIRST, END)));
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
