package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WireFailuresTests {

	private final WireFailures failures = new WireFailures();

	@Test
	void keepsThoseOfAPlainSocket() {
		IOException refused = new ConnectException("refused");
		assertThat(this.failures.translate(refused)).isSameAs(refused);
		IOException timeout = new SocketTimeoutException("Read timed out");
		assertThat(this.failures.translate(timeout)).isSameAs(timeout);
	}

	@Test
	void makesThoseOfAChannelPlain() {
		IOException reset = new IOException("Connection reset by peer");
		assertThat(this.failures.translate(reset)).isInstanceOf(SocketException.class)
			.hasMessage("Connection reset by peer")
			.hasCause(reset);
		for (Exception closed : new Exception[] { new ClosedChannelException(), new AsynchronousCloseException(),
				new CancelledKeyException() }) {
			assertThat(this.failures.translate(closed)).isInstanceOf(SocketException.class)
				.hasMessage("Socket closed")
				.hasNoCause();
		}
	}

	@Test
	void saysThatTheDeadlineHasPassed() {
		this.failures.cut("silent");
		this.failures.expired();
		assertThat(this.failures.translate(new ClosedChannelException())).hasMessage("Socket closed")
			.cause()
			.isInstanceOf(SocketTimeoutException.class)
			.hasMessage("Deadline exceeded");
	}

	@Test
	void saysWhyItWasCut() {
		this.failures.cut("No answer, and the server is gone");
		assertThat(this.failures.cutReason()).isEqualTo("No answer, and the server is gone");
		assertThat(this.failures.translate(new ClosedChannelException())).cause()
			.isInstanceOf(SocketTimeoutException.class)
			.hasMessage("No answer, and the server is gone");
	}

}
