package com.example.bank.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class OwnPortTests {

	private final IntStream anywhere = new Random().ints(OwnPort.FIRST, OwnPort.END);

	@Test
	void passesOverAPortWhereSomebodyListens() throws IOException {
		int free = OwnPort.choose(this.anywhere);
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThat(OwnPort.choose(IntStream.of(taken.getLocalPort(), free))).isEqualTo(free);
		}
	}

	@Test
	void saysThatNoneIsFree() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatIllegalStateException().isThrownBy(() -> OwnPort.choose(IntStream.generate(taken::getLocalPort)))
				.withMessageContaining("No port is free");
		}
	}

}
