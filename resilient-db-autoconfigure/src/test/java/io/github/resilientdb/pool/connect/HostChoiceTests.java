package io.github.resilientdb.pool.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.pool.connect.HostChoice.Attempt;
import io.github.resilientdb.pool.socket.WireSocketFactory;
import io.github.resilientdb.pool.socket.WireTicket;
import io.github.resilientdb.testsupport.FakeDatabase;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class HostChoiceTests {

	private final FakeDatabase fake = new FakeDatabase();

	private HostList hosts = HostList.of("jdbc:postgresql://a,b,c/db");

	private final Map<String, Attempt> servers = new ConcurrentHashMap<>();

	private final List<String> asked = new CopyOnWriteArrayList<>();

	private final Map<String, Integer> underWay = new ConcurrentHashMap<>();

	private final AtomicInteger most = new AtomicInteger();

	private final AtomicInteger mostOfHost = new AtomicInteger();

	@AfterEach
	void leavesNoAttemptUnderWay() {
		Awaitility.await().until(() -> WireTicket.underWay() == 0);
	}

	/**
	 * Say what the hosts are: p for a primary, s for a standby, or the SQLSTATE that they
	 * refuse with.
	 */
	private void are(String... kinds) {
		for (int i = 0; i < kinds.length; i++) {
			String kind = kinds[i];
			this.servers.put(this.hosts.hosts().get(i), (host, ticket) -> {
				if (kind.length() > 1) {
					throw new SQLException(host + " refuses", kind);
				}
				return new Physical(this.fake.getConnection(), null, kind.equals("s"), host);
			});
		}
	}

	private Physical choose(TargetServer target, Duration limit) throws SQLException {
		this.asked.clear();
		return new HostChoice(this.hosts, false, target, System.nanoTime() + limit.toNanos(), new ProbeBudget(),
				this::ask)
			.make();
	}

	private Physical ask(String host, WireTicket ticket) throws SQLException {
		this.asked.add(host);
		this.mostOfHost.accumulateAndGet(this.underWay.merge(host, 1, Integer::sum), Math::max);
		this.most.accumulateAndGet(this.underWay.values().stream().mapToInt(Integer::intValue).sum(), Math::max);
		try {
			return this.servers.get(host).connect(host, ticket);
		}
		finally {
			this.underWay.merge(host, -1, Integer::sum);
		}
	}

	private Physical choose(TargetServer target) throws SQLException {
		return choose(target, Duration.ofMinutes(1));
	}

	@ParameterizedTest
	@CsvSource({ "ANY, s, p, p, a, a", "PRIMARY, s, p, p, b, ab", "PRIMARY, p, s, s, a, a",
			"SECONDARY, p, p, s, c, abc", "PREFER_PRIMARY, s, s, p, c, abc", "PREFER_PRIMARY, s, s, 08001, a, abc",
			"PREFER_SECONDARY, p, s, p, b, ab", "PREFER_SECONDARY, 57P03, p, p, b, abc",
			"ANY, 08001, 57P03, s, c, abc" })
	void theFirstThatWillDoIsTakenAndTheOthersAreClosed(TargetServer target, String a, String b, String c,
			String chosen, String asked) throws SQLException {
		are(a, b, c);
		assertThat(choose(target).address()).isEqualTo(chosen);
		assertThat(String.join("", this.asked)).isEqualTo(asked);
		assertThat(this.fake.sessions().stream().filter((session) -> !session.isClosed())).hasSize(1);
	}

	@Test
	void whoFailedIsAskedLastTheNextTime() throws SQLException {
		are("08001", "p", "p");
		choose(TargetServer.ANY).close();
		choose(TargetServer.ANY).close();
		assertThat(this.asked).containsExactly("b");
	}

	@Test
	void noneThatWillDoIsAFailureThatSaysWhy() {
		are("s", "s", "08001");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> choose(TargetServer.PRIMARY))
			.withMessage("a is a standby, and the URL asks for targetServerType=primary");
		assertThat(this.fake.sessions()).hasSize(2).allMatch(FakeDatabase.Session::isClosed);
	}

	@ParameterizedTest
	@CsvSource({ "08001, 57P03, 08001, b", "08001, 08001, 08001, a", "57P03, 53300, 08001, b" })
	void anAnswerTellsMoreThanSilence(String a, String b, String c, String told) {
		are(a, b, c);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> choose(TargetServer.ANY))
			.withMessage(told + " refuses");
	}

	@ParameterizedTest
	@CsvSource({ "28P01", "3D000" })
	void whatIsWrongEverywhereIsNotAskedElsewhere(String sqlState) {
		are("s", sqlState, "p");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> choose(TargetServer.PREFER_PRIMARY))
			.withMessage("b refuses");
		assertThat(this.asked).containsExactly("a", "b");
		assertThat(this.fake.session().isClosed()).isTrue();
	}

	@Test
	void nobodyIsAskedWhenTimeIsUp() {
		are("p", "p", "p");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> choose(TargetServer.ANY, Duration.ZERO))
			.withMessage("No host could be asked in time");
		assertThat(this.asked).isEmpty();
	}

	@Test
	void aHostThatIsOnlySlowGetsAllTheTimeWhenItWasSilentTimeAndAgain() throws Exception {
		are("p", "s", "s");
		Attempt primary = this.servers.get("a");
		try (SlowHost slow = new SlowHost(Duration.ofMillis(1500));
				SlowHost mute = new SlowHost(Duration.ofMinutes(1))) {
			this.servers.put("a", mute.before(primary));
			for (int i = 1; i < ProbePace.IMPATIENT_ATTEMPTS; i++) {
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> choose(TargetServer.PRIMARY, Duration.ofSeconds(20)))
					.withMessageStartingWith("b is a standby");
			}
			assertThat(this.most).hasValue(1);
			this.servers.put("a", slow.before(primary));
			assertThat(choose(TargetServer.PRIMARY, Duration.ofSeconds(20)).address()).isEqualTo("a");
			assertThat(this.most).hasValue(2);
			assertThat(this.mostOfHost).hasValue(1);
			// and the next time at once
			choose(TargetServer.PRIMARY, Duration.ofSeconds(20)).close();
			assertThat(this.asked).containsOnlyOnce("a");
		}
	}

	@ParameterizedTest
	@CsvSource({ "a, b", "b, a" })
	void aSlowHostBesideMuteOnesIsReachedAtOnce(String slowHost, String muteHost) throws Exception {
		this.hosts = HostList.of("jdbc:postgresql://a,b/db");
		are("p", "p");
		try (SlowHost slow = new SlowHost(Duration.ofMillis(1300));
				SlowHost mute = new SlowHost(Duration.ofMinutes(1))) {
			this.servers.put(slowHost, slow.before(this.servers.get(slowHost)));
			this.servers.put(muteHost, mute.before(this.servers.get(muteHost)));
			assertThat(choose(TargetServer.PRIMARY, Duration.ofSeconds(30)).address()).isEqualTo(slowHost);
			assertThat(this.most).hasValue(2);
			assertThat(this.mostOfHost).hasValue(1);
		}
	}

	@Test
	void theOthersAreAskedWhileASlowOneIsWaitedFor() throws Exception {
		are("p", "s", "s");
		for (int i = 0; i < ProbePace.IMPATIENT_ATTEMPTS; i++) {
			this.hosts.silent("a");
		}
		try (SlowHost silent = new SlowHost(Duration.ofMinutes(1))) {
			this.servers.put("a", silent.before(this.servers.get("a")));
			Running<Physical> choosing = ThreadKind.PLATFORM
				.start(() -> choose(TargetServer.PRIMARY, Duration.ofMinutes(1)));
			Awaitility.await().until(() -> this.most.get() == 2 && this.asked.contains("c"));
			are("p", "s", "p");
			assertThat(choosing.result().address()).isEqualTo("c");
			assertThat(this.mostOfHost).hasValue(1);
		}
	}

	@Test
	void anInterruptEndsTheWaitForASlowOne() throws Exception {
		are("p", "s", "s");
		for (int i = 0; i < ProbePace.IMPATIENT_ATTEMPTS; i++) {
			this.hosts.silent("a");
		}
		try (SlowHost silent = new SlowHost(Duration.ofMinutes(1))) {
			this.servers.put("a", silent.before(this.servers.get("a")));
			Running<SQLException> choosing = ThreadKind.PLATFORM.start(() -> catchThrowableOfType(SQLException.class,
					() -> choose(TargetServer.PRIMARY, Duration.ofMinutes(1))));
			Awaitility.await().until(() -> this.most.get() == 2);
			choosing.thread().interrupt();
			assertThat((Throwable) choosing.result()).hasMessage("Interrupted while connecting");
		}
	}

	/**
	 * A host that accepts at once and answers late.
	 */
	private static final class SlowHost implements AutoCloseable {

		private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

		private final Thread thread = new Thread(this::serve, "slow-host");

		private final long delay;

		SlowHost(Duration delay) throws IOException {
			this.delay = delay.toMillis();
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private void serve() {
			try {
				while (true) {
					Socket socket = this.listener.accept();
					Thread answering = new Thread(() -> answer(socket), "slow-host");
					answering.setDaemon(true);
					answering.start();
				}
			}
			catch (IOException ex) {
				// closed
			}
		}

		private void answer(Socket socket) {
			try (socket) {
				Thread.sleep(this.delay);
				socket.getOutputStream().write(1);
			}
			catch (IOException | InterruptedException ex) {
				// nobody waits
			}
		}

		Attempt before(Attempt attempt) {
			return (host, ticket) -> {
				try (Socket socket = new WireSocketFactory(ticket.token()).createSocket()) {
					socket.connect(this.listener.getLocalSocketAddress());
					socket.getInputStream().read();
				}
				catch (IOException ex) {
					throw new SQLException("silent", "08001", ex);
				}
				return attempt.connect(host, ticket);
			};
		}

		@Override
		public void close() throws IOException {
			this.listener.close();
		}

	}

}
