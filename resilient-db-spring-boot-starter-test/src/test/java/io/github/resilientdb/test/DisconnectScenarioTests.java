package io.github.resilientdb.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.resilientdb.test.proxy.FiredFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Scenarios whose method asks a database that is only played.
 */
class DisconnectScenarioTests {

	private final DisconnectProbe probe = new DisconnectProbe();

	private final List<Matrix> matrices = new ArrayList<>();

	private final AtomicInteger calls = new AtomicInteger();

	private final DisconnectScenario scenario = new DisconnectScenario(this.probe, this::begin);

	@AfterEach
	void close() {
		this.probe.close();
	}

	@Test
	void runsOncePerStatementAndKind() {
		this.scenario.given(() -> this.calls.set(0)).when(() -> {
			rerun(() -> ask("select 1", "COMMIT"));
			return 1;
		});
		assertThat(names()).containsExactly("session ended before statement 1: select 1",
				"request of statement 1 lost: select 1", "reply of statement 1 lost: select 1",
				"silence after statement 1: select 1", "40001 at statement 1: select 1",
				"session ended before statement 2: COMMIT", "request of statement 2 lost: COMMIT",
				"reply of statement 2 lost: COMMIT", "silence after statement 2: COMMIT",
				"40001 at statement 2: COMMIT");
		assertThat(failures()).isEmpty();
		assertThat(verdicts()).hasSize(10).containsOnly("as without the fault");
	}

	@Test
	void choosesKinds() {
		this.scenario.when(() -> ask("COMMIT"));
		assertThat(this.scenario.kinds(FaultKind.REPLY_LOST).tests()).hasSize(1);
		assertThat(this.scenario.withoutKinds(FaultKind.SILENT).tests()).hasSize(1);
		assertThatIllegalStateException().isThrownBy(this.scenario.withoutKinds(FaultKind.REPLY_LOST)::tests)
			.withMessageContaining("both in kinds(...) and in withoutKinds(...)");
	}

	@Test
	void leavesOutKinds() {
		this.scenario.when(() -> ask("COMMIT"));
		assertThat(this.scenario.withoutKinds(FaultKind.SILENT, FaultKind.REPLY_LOST).tests()).hasSize(3);
		assertThatIllegalStateException()
			.isThrownBy(this.scenario.withoutKinds(FaultKind.SILENT, FaultKind.values())::tests)
			.withMessageContaining("all kinds");
	}

	@Test
	void countsRunsWhoseResetFails() {
		this.scenario.given(() -> {
			if (this.calls.incrementAndGet() > 3) {
				throw new IllegalStateException("no connection");
			}
		}).when(() -> ask("COMMIT"));
		List<DynamicTest> tests = this.scenario.kinds(FaultKind.REPLY_LOST).tests().toList();
		assertThatIllegalStateException().isThrownBy(() -> tests.get(0).getExecutable().execute())
			.withMessage("no connection");
		assertThat(verdicts()).containsExactly("could not be run!");
	}

	@Test
	void saysHowToLeaveOutAGeneratedResult() {
		this.scenario.when(() -> {
			ask("COMMIT");
			return "token-" + this.calls.incrementAndGet();
		});
		assertThatIllegalStateException().isThrownBy(this.scenario::tests)
			.withMessageContaining("when(() -> { service.place(); })");
	}

	@Test
	void failsWhatMayNotFail() {
		this.scenario.when(() -> ask("COMMIT")).kinds(FaultKind.REPLY_LOST);
		this.probe.leaveAlone("odd", "its pool has started");
		assertThat(failures()).singleElement()
			.satisfies((message) -> assertThat(message).startsWith("failed, nothing changed (reply of statement 1 lost")
				.endsWith("\nNot looked at: data source 'odd' (its pool has started)"));
		this.scenario.allowingFailure();
		assertThat(failures()).isEmpty();
		assertThat(verdicts()).containsExactly("failed, nothing changed!", "failed, nothing changed");
	}

	@Test
	void saysThatACallHangs() {
		this.scenario.given(() -> this.calls.set(0)).when(() -> rerun(() -> {
			if (this.calls.get() > 1) {
				new CountDownLatch(1).await();
			}
			ask("COMMIT");
		})).within(Duration.ofMillis(50)).kinds(FaultKind.REPLY_LOST);
		assertThat(failures()).singleElement()
			.satisfies((message) -> assertThat(message).startsWith("hung (reply of statement 1 lost: COMMIT)")
				.contains("within(...)"));
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void saysThatTheFaultDidNotFire() {
		this.scenario.when(() -> ask((this.calls.incrementAndGet() > 2) ? "select 2" : "select 1"))
			.kinds(FaultKind.REPLY_LOST)
			.allowingFailure();
		assertThat(failures()).singleElement()
			.satisfies((message) -> assertThat(message).startsWith("the fault did not fire"));
	}

	/**
	 * What a library does about a fault may go on beside the runs after it.
	 */
	@Test
	void waitsUntilNothingGoesOnOfWhatWasBefore() {
		long quiet = System.nanoTime() + Duration.ofMillis(200).toNanos();
		this.scenario.when(() -> {
			if (System.nanoTime() - quiet < 0) {
				ask("look " + this.calls.incrementAndGet());
			}
			ask("COMMIT");
		});
		assertThat(this.scenario.kinds(FaultKind.REPLY_LOST).tests()).hasSize(1);
	}

	@Test
	void refusesAMethodThatDoesSomethingElseEachTime() {
		this.scenario.when(() -> ask("select " + this.calls.incrementAndGet()));
		assertThatIllegalStateException().isThrownBy(this.scenario::tests)
			.withMessageContainingAll("does something else each time", "asyncDispatch");
		assertThat(this.matrices).singleElement()
			.satisfies((matrix) -> assertThat(matrix.result()).startsWith("not run: The method does something else"));
	}

	@Test
	void refusesAResultThatNobodyCanCompare() {
		this.scenario.when(() -> {
			ask("select 1");
			return Stream.of(1);
		});
		assertThatIllegalStateException().isThrownBy(this.scenario::tests).withMessageContaining("toList()");
	}

	@Test
	void refusesToTestNothing() {
		assertThatIllegalStateException().isThrownBy(this.scenario::tests).withMessageContaining("when(...)");
		this.scenario.when(() -> {
		});
		assertThatIllegalStateException().isThrownBy(this.scenario::tests)
			.withMessageContainingAll("did not ask a database", "asyncDispatch");
	}

	@Test
	void refusesNoTime() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.scenario.within(Duration.ZERO));
	}

	@Test
	void mustBeRun() {
		ScenarioUse.require(List.of());
		this.scenario.when(() -> ask("COMMIT")).kinds(FaultKind.REPLY_LOST).allowingFailure();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this::requireUse)
			.withMessageContaining("return scenario.given(…).when(…).tests();");
		List<DynamicTest> tests = this.scenario.tests().toList();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this::requireUse)
			.withMessageContaining("write @TestFactory instead of @Test");
		tests.forEach(DisconnectScenarioTests::run);
		requireUse();
	}

	@Test
	void needNotBeRunIfItWasRefusedOrAnotherWas() {
		DisconnectScenario other = new DisconnectScenario(this.probe, this::begin);
		assertThatIllegalStateException().isThrownBy(other::tests);
		ScenarioUse.require(List.of(this.scenario.use(), other.use()));
	}

	private Matrix begin() {
		Matrix matrix = new Matrix("scenario");
		this.matrices.add(matrix);
		return matrix;
	}

	private List<String> verdicts() {
		return this.matrices.stream()
			.flatMap((matrix) -> matrix.rows().stream())
			.flatMap((row) -> row.cells().values().stream())
			.map((cell) -> cell.verdict() + (cell.accepted() ? "" : "!"))
			.toList();
	}

	private void requireUse() {
		ScenarioUse.require(List.of(this.scenario.use()));
	}

	private List<String> names() {
		return this.scenario.tests().map(DynamicTest::getDisplayName).toList();
	}

	private List<String> failures() {
		return this.scenario.tests().map(DisconnectScenarioTests::run).filter((message) -> !message.isEmpty()).toList();
	}

	private static String run(DynamicTest test) {
		try {
			test.getExecutable().execute();
			return "";
		}
		catch (Throwable ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	/**
	 * Ask the database, and fail if a fault is placed there.
	 */
	private void ask(String... statements) {
		for (String sql : statements) {
			if (FiredFaults.fire(this.probe.roundTrips().observe("db", List.of(sql)))) {
				throw new IllegalStateException("connection lost");
			}
		}
	}

	private void rerun(Work work) throws Exception {
		try {
			this.calls.incrementAndGet();
			work.run();
		}
		catch (IllegalStateException ex) {
			this.calls.incrementAndGet();
			work.run();
		}
	}

}
