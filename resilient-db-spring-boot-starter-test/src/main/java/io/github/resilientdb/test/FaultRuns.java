package io.github.resilientdb.test;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.FaultProxy;
import io.github.resilientdb.test.rows.Rules;
import io.github.resilientdb.test.rows.Schema;
import io.github.resilientdb.test.rows.Snapshot;
import io.github.resilientdb.test.values.ValueRenderer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a method without a fault, and then again and again with one.
 */
final class FaultRuns {

	/**
	 * How long to wait before each run, in ms: what still goes on of the run before, on
	 * threads beside the method, is over some time.
	 */
	private static final int[] PAUSES = { 0, 0, 10, 40, 160, 640, 640 };

	private static final Duration FIRED = Duration.ofSeconds(5);

	private final DisconnectProbe probe;

	private final FaultPlan plan;

	private Map<String, Rules> rules = Map.of();

	private @Nullable Judge judge;

	private List<RoundTrip> usual = List.of();

	private Instant since = Instant.EPOCH;

	private int runs;

	FaultRuns(DisconnectProbe probe, FaultPlan plan) {
		this.probe = probe;
		this.plan = plan;
	}

	/**
	 * Run without a fault until twice the same happened.
	 * @return the method's round trips
	 */
	List<RoundTrip> rehearse() throws Exception {
		this.plan.given().run(); // which may create tables
		readSchemas();
		Run previous = null;
		Map<String, Snapshot> before = Map.of();
		for (int pause : PAUSES) {
			Thread.sleep(pause);
			reset();
			Map<String, Snapshot> initial = snapshots();
			Run run = run(null, null);
			if (previous != null && previous.trace().equals(run.trace())) {
				this.plan.requireAllowed(run.observation().exception());
				FaultlessRun first = new FaultlessRun(before, previous.observation());
				FaultlessRun second = new FaultlessRun(initial, run.observation());
				this.rules = first.learn(second, this.rules);
				this.judge = new Judge(this.rules, initial, run.observation(), this.plan.perAttempt(),
						first.generated(second));
				this.usual = run.trace();
				return run.trace();
			}
			previous = run;
			before = initial;
		}
		throw new IllegalStateException("The method does something else each time it is called, without a fault. "
				+ "Reset in given(...) what it depends on, caches included. " + Advice.ON_ASYNCHRONOUS
				+ " Its last round trips: " + ((previous != null) ? previous.trace() : List.of()));
	}

	private void reset() throws Exception {
		this.since = Instant.now();
		this.plan.given().run();
		List<Source> sources = this.probe.sources();
		for (int i = 0; i < sources.size(); i++) {
			sources.get(i).reader().separateKeys(this.runs, i);
		}
		this.runs++;
	}

	private void readSchemas() throws SQLException {
		Map<String, Schema> schemas = new LinkedHashMap<>();
		Map<String, List<Schema.Table>> tables = new LinkedHashMap<>();
		for (Source source : this.probe.databases()) {
			Schema schema = source.reader().schema();
			schemas.put(source.name(), schema);
			tables.put(source.name(), schema.tables());
		}
		this.plan.tables().requireExisting(tables);
		Map<String, Rules> all = new LinkedHashMap<>();
		schemas
			.forEach((source, schema) -> all.put(source, schema.only(this.plan.tables().in(source, tables)).rules()));
		this.rules = all;
	}

	/**
	 * Run with a fault.
	 */
	Finding runWith(RoundTrip at, FaultKind kind) throws Exception {
		Judge judge = this.judge;
		if (judge == null) {
			throw new IllegalStateException("Not rehearsed");
		}
		for (int i = 0;; i++) {
			Thread.sleep(PAUSES[i]);
			reset();
			Run run = run(at, kind);
			Finding finding = finding(judge, at, kind, run);
			if (finding.verdict() != Verdict.NOT_FIRED || i == PAUSES.length - 1) {
				return finding;
			}
		}
	}

	private static Finding finding(Judge judge, RoundTrip at, FaultKind kind, Run run) {
		int attempts = run.observation().attempts();
		if (run.hung()) {
			return new Finding(at, kind, Verdict.HUNG, "It was interrupted.\n", run.trace(), attempts);
		}
		if (!run.fired() || run.trace().size() < at.number() || !run.trace().get(at.number() - 1).equals(at)) {
			return new Finding(at, kind, Verdict.NOT_FIRED, "The method did something else this time.\n", run.trace(),
					attempts);
		}
		Judge.Judgement judgement = judge.judge(run.observation());
		return new Finding(at, kind, judgement.verdict(), ProxyPorts.name(judgement.explanation()), run.trace(),
				attempts);
	}

	private Run run(@Nullable RoundTrip at, @Nullable FaultKind kind) throws Exception {
		RoundTrips roundTrips = this.probe.roundTrips();
		this.probe.recorder().start();
		ArmedFault armed = (at != null && kind != null) ? roundTrips.record(at, kind) : roundTrips.record();
		Object returned = null;
		Throwable exception = null;
		boolean hung;
		CallGuard guard = CallGuard.begin(this.probe.timer(), this.plan.within(),
				() -> this.probe.proxies().forEach(FaultProxy::reset));
		try {
			returned = this.plan.when().call();
		}
		catch (Exception | Error ex) {
			exception = ex;
		}
		finally {
			hung = guard.end();
		}
		List<RoundTrip> trace = roundTrips.stop();
		String result = (exception != null) ? "" : ValueRenderer.renderAll(returned);
		boolean fired = (armed == null) || hasFired(armed);
		this.probe.recorder().stop();
		if (armed != null) {
			this.probe.proxies().forEach(FaultProxy::heal);
		}
		Observation observation = new Observation(snapshots(), result, exception, this.probe.recorder().events(),
				this.probe.recorder().callbacks(), effects(), openTransactions(), RoundTrip.attempts(trace, this.usual),
				this.probe.recorder().isOutcomeUnknown());
		return new Run(trace, observation, fired, hung);
	}

	private static boolean hasFired(ArmedFault armed) {
		try {
			armed.await(armed.isTaken() ? FIRED : Duration.ZERO);
			return true;
		}
		catch (AssertionError ex) {
			return false;
		}
	}

	private Map<String, Snapshot> snapshots() throws SQLException {
		Map<String, Snapshot> snapshots = new LinkedHashMap<>();
		for (Source source : this.probe.databases()) {
			Rules rule = this.rules.get(source.name());
			if (rule != null) {
				snapshots.put(source.name(), source.reader().read(rule.schema(), this.since));
			}
		}
		return snapshots;
	}

	private Map<String, String> effects() {
		Map<String, String> effects = new LinkedHashMap<>();
		this.plan.effects().forEach((name, effect) -> effects.put(name, ValueRenderer.renderAll(effect.get())));
		return effects;
	}

	/**
	 * A session whose client is gone takes a moment to end.
	 */
	private int openTransactions() throws Exception {
		int open;
		long deadline = System.nanoTime() + FIRED.toNanos();
		do {
			open = 0;
			for (Source source : this.probe.sources()) {
				open += source.openTransactions();
			}
			if (open > 0) {
				Thread.sleep(5);
			}
		}
		while (open > 0 && System.nanoTime() < deadline);
		return open;
	}

	private record Run(List<RoundTrip> trace, Observation observation, boolean fired, boolean hung) {

		Run {
			trace = new ArrayList<>(trace);
		}

	}

}
