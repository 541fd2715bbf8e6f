package io.github.resilientdb.pool.connect;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HostListTests {

	@Test
	void oneHostIsLeftToTheDriver() {
		assertThat(HostList.of("jdbc:postgresql://one:5432/db?targetServerType=primary").areSeveral()).isFalse();
		assertThat(HostList.of("jdbc:postgresql:db").areSeveral()).isFalse();
		assertThat(HostList.of("jdbc:postgresql://one/db?options=a,b").areSeveral()).isFalse();
	}

	@Test
	void eachOfSeveralHasItsUrl() {
		HostList hosts = HostList.of("jdbc:postgresql://one:1,[::1]:2/db?a=b&targetServerType=primary&c=d");
		assertThat(hosts.inOrder(false)).containsExactly("one:1", "[::1]:2");
		assertThat(hosts.url("[::1]:2")).isEqualTo("jdbc:postgresql://[::1]:2/db?a=b&c=d");
		assertThat(HostList.of("jdbc:postgresql://a,b/db?loadBalanceHosts=true").url("a"))
			.isEqualTo("jdbc:postgresql://a/db");
		assertThat(HostList.of("jdbc:postgresql://a,b").url("b")).isEqualTo("jdbc:postgresql://b");
	}

	@Test
	void whoFailedIsAskedLastUntilItSucceeds() {
		HostList hosts = HostList.of("jdbc:postgresql://a,b,c/db");
		hosts.failed("a");
		assertThat(hosts.inOrder(false)).containsExactly("b", "c", "a");
		hosts.succeeded("a", 0);
		assertThat(hosts.inOrder(true)).containsExactlyInAnyOrder("a", "b", "c");
		assertThat(hosts.inOrder(false)).containsExactly("a", "b", "c");
	}

	@Test
	void whoIsSlowIsRememberedUntilItIsQuickOrSilent() {
		HostList hosts = HostList.of("jdbc:postgresql://a/db");
		long second = Duration.ofSeconds(1).toNanos();
		hosts.letIn("a", 3 * second);
		assertThat(hosts.patience("a")).as("busy").isZero();
		hosts.succeeded("a", 3 * second);
		assertThat(hosts.patience("a")).as("slow").isEqualTo(6 * second);
		hosts.letIn("a", 3 * second);
		assertThat(hosts.patience("a")).as("slow, and let us in").isEqualTo(6 * second);
		hosts.letIn("a", second / 2);
		assertThat(hosts.patience("a")).as("quick").isZero();
		hosts.succeeded("a", 3 * second);
		hosts.silent("a");
		assertThat(hosts.patience("a")).as("silent").isZero();
	}

	@Test
	void whoIsSilentTimeAndAgainMayBeSlow() {
		HostList hosts = HostList.of("jdbc:postgresql://a,b/db");
		hosts.silent("a");
		hosts.silent("a");
		assertThat(hosts.mayBeSlow("a")).isFalse();
		hosts.silent("a");
		assertThat(hosts.mayBeSlow("a")).isTrue();
		assertThat(hosts.mayBeSlow("b")).isFalse();
		hosts.succeeded("a", 0);
		assertThat(hosts.mayBeSlow("a")).isFalse();
	}

	@Test
	void thoseThatMayBeSlowTakeTurns() {
		HostList hosts = HostList.of("jdbc:postgresql://a,b,c/db");
		List<String> slow = List.of("a", "c");
		assertThat(List.of(hosts.nextOf(slow), hosts.nextOf(slow), hosts.nextOf(slow))).containsExactly("a", "c", "a");
	}

	@Test
	void whoWasSlowGetsTheTimeThatItTookUntilItIsSilentOrPrompt() {
		HostList hosts = HostList.of("jdbc:postgresql://a,b/db");
		long second = TimeUnit.SECONDS.toNanos(1);
		hosts.succeeded("a", 2 * second);
		assertThat(hosts.patience("a")).isEqualTo(4 * second);
		assertThat(hosts.patience("b")).isZero();
		hosts.silent("a");
		assertThat(hosts.patience("a")).isZero();
		hosts.succeeded("a", 60 * second);
		assertThat(hosts.patience("a")).isEqualTo(10 * second);
		hosts.succeeded("a", second / 10);
		assertThat(hosts.patience("a")).isZero();
	}

}
