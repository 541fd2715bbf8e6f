package io.github.resilientdb.pool.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariConfig;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A host name that leads elsewhere is followed as soon as the JVM sees it: nothing is
 * remembered of where it led. Names are read from a file, in a JVM of its own.
 */
class MovedNameTests {

	@ParameterizedTest
	@ValueSource(strings = { "db.test:%1$d", "db.test:%1$d,db.test:%1$d" })
	void isLookedUpAnewForEachConnection(String hosts, @TempDir Path directory) throws Exception {
		Path names = Files.writeString(directory.resolve("hosts"), "127.0.0.1 db.test\n");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + names, "-Dsun.net.inetaddr.ttl=0", "-cp",
				System.getProperty("java.class.path"), Program.class.getName(), names.toString(), hosts)
			.redirectError(directory.resolve("errors").toFile())
			.start();
		try {
			String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
			assertThat(told).as(() -> errors(directory))
				.contains("at first: old true, new false")
				.contains("then: old false, new true");
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static String errors(Path directory) {
		try {
			return Files.readString(directory.resolve("errors"));
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	/**
	 * Connects to a name, moves it to another address, and connects again.
	 */
	static final class Program {

		private Program() {
		}

		public static void main(String[] arguments) throws Exception {
			try (Listener old = new Listener("127.0.0.1", 0);
					Listener moved = new Listener("127.0.0.2", old.socket.getLocalPort())) {
				HikariConfig config = new HikariConfig();
				config.setJdbcUrl(
						"jdbc:postgresql://%s/bank".formatted(arguments[1].formatted(old.socket.getLocalPort())));
				Connector connector = Connectors.of(config);
				connect(connector);
				System.out.printf("at first: old %s, new %s%n", old.wasAsked(), moved.wasAsked());
				Files.writeString(Path.of(arguments[0]), "127.0.0.2 db.test\n");
				connect(connector);
				System.out.printf("then: old %s, new %s%n", old.wasAsked(), moved.wasAsked());
			}
		}

		private static void connect(Connector connector) {
			try {
				connector.connect("bank", "bank", System.nanoTime() + Duration.ofSeconds(5).toNanos(),
						PrimaryRequirement.NONE);
			}
			catch (Exception ex) {
				ex.printStackTrace(); // nobody lets it in
			}
		}

	}

	private static final class Listener implements AutoCloseable {

		private final ServerSocket socket;

		private final AtomicInteger asked = new AtomicInteger();

		Listener(String address, int port) throws IOException {
			this.socket = new ServerSocket(port, 50, InetAddress.getByName(address));
			Thread thread = new Thread(this::accept, "listener");
			thread.setDaemon(true);
			thread.start();
		}

		private void accept() {
			while (!this.socket.isClosed()) {
				try (Socket client = this.socket.accept()) {
					this.asked.incrementAndGet();
				}
				catch (IOException ex) {
					// closed
				}
			}
		}

		/**
		 * Return whether anybody has asked since the last time.
		 */
		boolean wasAsked() {
			return this.asked.getAndSet(0) > 0;
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

}
