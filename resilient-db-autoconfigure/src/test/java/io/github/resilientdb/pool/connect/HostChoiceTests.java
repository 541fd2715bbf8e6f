package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.resilientdb.pool.connect.HostChoice.Attempt;
import io.github.resilientdb.pool.socket.WireTicket;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HostChoiceTests {

	private final FakeDatabase fake = new FakeDatabase();

	private final HostList hosts = HostList.of("jdbc:postgresql://a,b,c/db");

	private final Map<String, Attempt> servers = new HashMap<>();

	private final List<String> asked = new ArrayList<>();

	@AfterEach
	void leavesNoAttemptUnderWay() {
		assertThat(WireTicket.underWay()).isZero();
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
		return new HostChoice(this.hosts, false, target, System.nanoTime() + limit.toNanos(), (host, ticket) -> {
			this.asked.add(host);
			return this.servers.get(host).connect(host, ticket);
		}).make();
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

}
