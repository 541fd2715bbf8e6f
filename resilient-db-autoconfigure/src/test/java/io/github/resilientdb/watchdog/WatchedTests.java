package io.github.resilientdb.watchdog;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.watchdog.Servers.Reached;
import io.github.resilientdb.watchdog.Servers.Refused;
import io.github.resilientdb.watchdog.Servers.Silent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Watched}.
 */
class WatchedTests {

	private final List<Connection> used = new ArrayList<>();

	private Answer answer = () -> BackendState.WORKING;

	private final Watched watched = new Watched(call());

	@Test
	void isDueAtOnceAndNothingIsKnownOfIt() {
		assertThat(this.watched.due - System.nanoTime()).isNotPositive();
		assertThat(this.watched.inquiry).isEqualTo(Inquiry.BEGUN);
	}

	@ParameterizedTest
	@CsvSource({ "WORKING, WORKING", "WAITING, WAITING", "GONE, GONE", "SUPERSEDED, SUPERSEDED",
			"ELSEWHERE, INCONCLUSIVE", "UNIDENTIFIED, INCONCLUSIVE" })
	void isLookedAtOnTheConnectionThatWasReached(BackendState state, Look expected) {
		this.answer = () -> state;
		Reached reached = reached();
		assertThat(this.watched.look(reached)).isEqualTo(expected);
		assertThat(this.used).containsExactly(reached.connection());
	}

	@Test
	void aLookThatFailsProvesNothing() {
		this.answer = () -> {
			throw new SQLException("lost", "08006");
		};
		assertThat(this.watched.look(reached())).isEqualTo(Look.INCONCLUSIVE);
		this.answer = () -> {
			throw new IllegalStateException("unexpected");
		};
		assertThat(this.watched.look(reached())).isEqualTo(Look.INCONCLUSIVE);
	}

	@Test
	void whoCanNotBeReachedIsSilentOnlyIfNotAByteCame() {
		assertThat(this.watched.look(new Silent())).isEqualTo(Look.SILENT);
		assertThat(this.watched.look(new Refused(new SQLException("too many", "53300")))).isEqualTo(Look.INCONCLUSIVE);
		assertThat(this.used).isEmpty();
	}

	private static Reached reached() {
		Connection connection = (Connection) Proxy.newProxyInstance(WatchedTests.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "equals" -> proxy == arguments[0];
					case "hashCode" -> System.identityHashCode(proxy);
					default -> "connection";
				});
		return new Reached(connection, () -> {
		});
	}

	private WaitingCall call() {
		return (WaitingCall) Proxy.newProxyInstance(WatchedTests.class.getClassLoader(),
				new Class<?>[] { WaitingCall.class }, (proxy, method, arguments) -> {
					assertThat(method.getName()).isEqualTo("look");
					this.used.add((Connection) arguments[0]);
					return this.answer.give();
				});
	}

	private interface Answer {

		BackendState give() throws SQLException;

	}

}
