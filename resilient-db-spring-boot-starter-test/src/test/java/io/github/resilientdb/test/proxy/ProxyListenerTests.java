package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ProxyListenerTests {

	private final ProxyThreads threads = new ProxyThreads();

	private final BlockingQueue<Socket> clients = new LinkedBlockingQueue<>();

	private final ProxyListener listener = new ProxyListener(this.threads, this.clients::add);

	@AfterEach
	void close() throws IOException {
		this.listener.close();
		this.threads.end();
		for (Socket client : this.clients) {
			client.close();
		}
	}

	@Test
	void refusesUntilItAccepts() throws Exception {
		assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
		this.listener.accept();
		assertThatOneIsAccepted();
	}

	@Test
	void keepsItsPortWhileItRefuses() throws Exception {
		assertThatNobodyElseGetsThePort();
		for (int i = 0; i < 3; i++) {
			this.listener.accept();
			assertThatOneIsAccepted();
			assertThatNobodyElseGetsThePort();
			this.listener.refuse();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
			assertThatNobodyElseGetsThePort();
		}
	}

	@Test
	void givesThePortAwayAtTheEnd() throws Exception {
		this.listener.accept();
		this.listener.close();
		this.listener.accept();
		this.listener.refuse();
		bind();
	}

	private void assertThatOneIsAccepted() throws Exception {
		try (Socket client = connect(); Socket accepted = this.clients.poll(60, TimeUnit.SECONDS)) {
			assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
		}
	}

	private void assertThatNobodyElseGetsThePort() {
		assertThatExceptionOfType(BindException.class).isThrownBy(this::bind);
	}

	private Socket connect() throws IOException {
		return new Socket(InetAddress.getByName("127.0.0.1"), this.listener.port());
	}

	private void bind() throws IOException {
		// as somebody who asks for any port gets it: without reuse of what is in use
		try (Socket socket = new Socket()) {
			socket.bind(new InetSocketAddress("127.0.0.1", this.listener.port()));
		}
	}

}
