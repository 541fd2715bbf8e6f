package io.github.resilientdb.test;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.resilientdb.test.rows.ComparedTables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * A method of the application that is run once for each of its round trips and each kind
 * of fault, and must do the same as without: <pre class="code">
 * &#064;TestFactory
 * Stream&lt;DynamicTest&gt; placingAnOrder(DisconnectScenario scenario) {
 *     return scenario.given(() -&gt; jdbc.update("delete from orders"))
 *         .when(() -&gt; orders.place(new Order("book")))
 *         .tests();
 * }
 * </pre> What is compared: the rows of all tables (generated keys may be others, as long
 * as they correspond one to one; points in time may be others, as far away from the run;
 * everything else is the same), the returned value or the exception, the application
 * events, what transactional listeners did after the commit, transactions left open, and
 * what the test registers with {@link #observing}.
 * <p>
 * Not thread-safe; each factory method gets its own.
 */
public final class DisconnectScenario {

	private final DisconnectProbe probe;

	private final Supplier<Matrix> report;

	private final Map<String, Supplier<? extends @Nullable Object>> effects = new LinkedHashMap<>();

	private final Set<String> perAttempt = new TreeSet<>();

	private final Set<Class<? extends Throwable>> exceptions = new HashSet<>();

	private final ComparedTables tables = new ComparedTables();

	private final Set<Verdict> allowed = EnumSet.of(Verdict.SAME);

	private final ChosenKinds kinds = new ChosenKinds();

	private Work given = () -> {
	};

	private @Nullable Callable<? extends @Nullable Object> when;

	private Duration within = Duration.ofSeconds(30);

	private final ScenarioUse use = new ScenarioUse();

	DisconnectScenario(DisconnectProbe probe, Supplier<Matrix> report) {
		this.probe = probe;
		this.report = report;
	}

	/**
	 * Say what the method finds: this runs before each run of it.
	 * @param reset puts everything that the method depends on back to one state
	 * @return this scenario
	 */
	public DisconnectScenario given(Work reset) {
		this.given = reset;
		return this;
	}

	/**
	 * Say what is tested, if it returns something.
	 * @param method calls the method; what it passes must be made anew in each call
	 * @return this scenario
	 */
	public DisconnectScenario when(Callable<? extends @Nullable Object> method) {
		this.when = method;
		return this;
	}

	/**
	 * Say what is tested, if it returns nothing.
	 * @param method calls the method; what it passes must be made anew in each call
	 * @return this scenario
	 */
	public DisconnectScenario when(Work method) {
		this.when = () -> {
			method.run();
			return null;
		};
		return this;
	}

	/**
	 * Compare these tables only.
	 * @param names the names, qualified unless the schema is {@code public}; before them
	 * may stand the name of a data source
	 * @return this scenario
	 */
	public DisconnectScenario comparing(String... names) {
		this.tables.compare(names);
		return this;
	}

	/**
	 * Don't compare these tables or columns.
	 * @param names names of tables, or of columns as {@code table.column}
	 * @return this scenario
	 */
	public DisconnectScenario ignoring(String... names) {
		this.tables.ignore(names);
		return this;
	}

	/**
	 * Use these kinds of faults only.
	 * @param first one
	 * @param more others
	 * @return this scenario
	 */
	public DisconnectScenario kinds(FaultKind first, FaultKind... more) {
		this.kinds.only(EnumSet.of(first, more));
		return this;
	}

	/**
	 * Use all kinds of faults but these: {@link FaultKind#SILENT} perhaps, which takes
	 * about a second each time.
	 * @param first one
	 * @param more others
	 * @return this scenario
	 */
	public DisconnectScenario withoutKinds(FaultKind first, FaultKind... more) {
		this.kinds.without(EnumSet.of(first, more));
		return this;
	}

	/**
	 * Compare something that the method does outside of its database, too: after each run
	 * it must be what it is without a fault.
	 * @param name what it is, for the report
	 * @param effect returns it; {@link #given} must put it back
	 * @return this scenario
	 */
	public DisconnectScenario observing(String name, Supplier<? extends @Nullable Object> effect) {
		this.effects.put(name, effect);
		return this;
	}

	/**
	 * Count something that each attempt does again, a call of a mock perhaps: it may
	 * happen as often as there are attempts, but neither less nor more.
	 * @param name what it is, for the report
	 * @param count returns how often it happened; {@link #given} must put it back to 0
	 * @return this scenario
	 */
	public DisconnectScenario observingPerAttempt(String name, Supplier<? extends Number> count) {
		this.perAttempt.add(name);
		return observing(name, count);
	}

	/**
	 * Let a run also fail, if nothing was changed then: right for methods that are not to
	 * be rerun.
	 * @return this scenario
	 */
	public DisconnectScenario allowingFailure() {
		this.allowed.add(Verdict.FAILED_UNCHANGED);
		return this;
	}

	/**
	 * Let a run also say that its outcome is unknown.
	 * @return this scenario
	 */
	public DisconnectScenario allowingUnknown() {
		this.allowed.add(Verdict.UNKNOWN);
		return this;
	}

	/**
	 * Let the method throw this without a fault, too: with a fault it must do the same. A
	 * method that fails otherwise without a fault is refused, since nothing would be
	 * proven.
	 * @param type the type of the exception
	 * @return this scenario
	 */
	public DisconnectScenario allowingException(Class<? extends Throwable> type) {
		this.exceptions.add(type);
		return this;
	}

	/**
	 * Say how long one call of the method may take, faults included.
	 * @param timeout the time, 30 s by default
	 * @return this scenario
	 */
	public DisconnectScenario within(Duration timeout) {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("Invalid timeout (" + timeout + "): must be positive");
		}
		this.within = timeout;
		return this;
	}

	/**
	 * Run the method without a fault, and return a test for each of its round trips and
	 * each kind of fault.
	 * @return the tests, each with a name that says what is done where
	 * @throws IllegalStateException if the test itself has begun a transaction, or if the
	 * method does something else each time, or nothing
	 */
	public Stream<DynamicTest> tests() {
		this.use.done();
		Matrix matrix = this.report.get();
		try {
			Stream<DynamicTest> tests = tests(matrix).stream();
			this.use.asked();
			return tests;
		}
		catch (RuntimeException | Error ex) {
			matrix.refuse(ex);
			throw ex;
		}
	}

	private FaultTests tests(Matrix matrix) {
		Callable<? extends @Nullable Object> method = this.when;
		if (method == null) {
			throw new IllegalStateException("Nothing to test: call when(...) first");
		}
		FaultRuns runs = new FaultRuns(this.probe, new FaultPlan(this.given, method, this.tables, this.effects,
				this.perAttempt, this.exceptions, this.within));
		return new FaultTests(this.probe, runs, this.kinds.get(), this.allowed, (finding, accepted) -> {
			this.use.done();
			matrix.add(finding, accepted);
		});
	}

	ScenarioUse use() {
		return this.use;
	}

}
