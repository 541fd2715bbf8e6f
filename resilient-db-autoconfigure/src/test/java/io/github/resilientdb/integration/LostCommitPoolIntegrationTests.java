package io.github.resilientdb.integration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.integration.CommittingApplication.Kind;
import io.github.resilientdb.integration.CommittingApplication.Manager;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.FaultProxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for lost COMMITs where connections or time are scarce.
 */
class LostCommitPoolIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final AtomicInteger attempts = new AtomicInteger();

	private CommittingApplication start(String verification, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("resilientdb.commit.verification=" + verification);
		return CommittingApplication.start(verification.equals("marker"), all.toArray(String[]::new));
	}

	private void write(CommittingApplication application, String text) {
		application.run(Manager.JPA, Kind.RETRYABLE, () -> {
			this.attempts.incrementAndGet();
			application.notes().write(Manager.JPA, text);
			return true;
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "xid", "marker" })
	void poolOfOneIsEnough(String verification) {
		try (CommittingApplication application = start(verification, "spring.datasource.hikari.maximum-pool-size=1")) {
			for (Fault lost : List.of(Fault.DROP_RESPONSE, Fault.DROP_REQUEST, Fault.DROP_REQUEST_SERVER_OPEN)) {
				String text = UUID.randomUUID().toString();
				ArmedFault fault = application.proxy().arm(lost);
				write(application, text);
				fault.await(PATIENCE);
				assertThat(application.count(text)).isOne();
			}
			assertThat(this.attempts).hasValue(5);
			assertThat(application.witness().verified()).containsExactly("committed", "not_committed", "not_committed");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "xid", "marker" })
	void allThreadsOfAPoolMayBeInDoubtAtOnce(String verification) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(8);
		try (CommittingApplication application = start(verification, "spring.datasource.hikari.maximum-pool-size=8",
				"spring.datasource.hikari.minimum-idle=8")) {
			List<ArmedFault> faults = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				faults.add(application.proxy().arm((i < 5) ? Fault.HOLD : Fault.HOLD_REQUEST));
			}
			List<Future<?>> calls = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				calls.add(executor.submit(() -> write(application, "the same")));
			}
			faults.forEach((fault) -> fault.await(PATIENCE));
			faults.stream().limit(5).forEach((fault) -> fault.awaitAnswered(PATIENCE));
			assertThat(application.witness().verified()).isEmpty();
			application.proxy().reset();
			application.proxy().disarm();
			for (Future<?> call : calls) {
				call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			}
			List<String> verified = application.witness().verified();
			assertThat(Collections.frequency(verified, "committed")).isEqualTo(5);
			assertThat(Collections.frequency(verified, "not_committed")).isEqualTo(3);
			assertThat(this.attempts).hasValue(11);
			assertThat(application.count("the same")).isEqualTo(8);
		}
		finally {
			executor.shutdownNow();
		}
	}

	@ParameterizedTest
	@CsvSource({ "xid, 1, 60, false", "xid, 60, 3, false", "xid, 1, 60, true", "xid, 60, 3, true",
			"marker, 1, 60, false", "marker, 60, 3, false", "marker, 1, 60, true", "marker, 60, 3, true" })
	void searchEndsWithTheEarlierOfTimeoutAndDeadline(String verification, int timeout, int deadline, boolean silent)
			throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (CommittingApplication application = start(verification, "resilientdb.commit.timeout=" + timeout + "s",
				"resilientdb.retry.deadline=" + deadline + "s")) {
			write(application, "first");
			FaultProxy proxy = application.proxy();
			ArmedFault fault = proxy.arm(Fault.HOLD);
			long start = System.nanoTime();
			Future<Long> call = executor.submit(() -> {
				assertThatExceptionOfType(TransactionOutcomeUnknownException.class)
					.isThrownBy(() -> write(application, "lost"))
					.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo("unreachable"));
				return System.nanoTime() - start;
			});
			fault.awaitAnswered(PATIENCE);
			if (silent) {
				proxy.blackHoleEverything();
				proxy.halfOpen();
			}
			else {
				proxy.refuse();
				proxy.reset();
			}
			Duration took = Duration.ofNanos(call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
			Duration earlier = Duration.ofSeconds(Math.min(timeout, deadline));
			assertThat(took).isBetween(earlier.minusMillis(50), Duration.ofSeconds(15));
			proxy.heal();
			assertThat(application.count("lost")).isOne();
			write(application, "later");
			assertThat(application.count("later")).isOne();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "xid", "marker" })
	void noTimeLeftIsSaidAtOnce(String verification) {
		try (CommittingApplication application = start(verification, "resilientdb.retry.deadline=2s")) {
			write(application, "first");
			ArmedFault fault = application.proxy().arm(Fault.DROP_RESPONSE);
			assertThatExceptionOfType(TransactionOutcomeUnknownException.class)
				.isThrownBy(() -> application.run(Manager.JDBC, Kind.RETRYABLE, () -> {
					application.notes().write(Manager.JDBC, "slow");
					application.notes().sleep(Duration.ofMillis(2100));
					return true;
				}))
				.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo("no-time-left"));
			fault.await(PATIENCE);
			assertThat(application.count("slow")).isOne();
		}
	}

}
