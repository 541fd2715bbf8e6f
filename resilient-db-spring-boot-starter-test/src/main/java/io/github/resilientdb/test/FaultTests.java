package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A test for each round trip of a method and each kind of fault.
 */
final class FaultTests {

	private final DisconnectProbe probe;

	private final FaultRuns runs;

	private final Set<FaultKind> kinds;

	private final Set<Verdict> allowed;

	private final BiConsumer<Finding, Boolean> findings;

	/**
	 * Create the tests of a method.
	 * @param probe what stands around the application
	 * @param runs runs the method
	 * @param kinds the kinds of faults
	 * @param allowed the verdicts that let a test pass
	 * @param findings hears what came of each run, and whether that is allowed
	 */
	FaultTests(DisconnectProbe probe, FaultRuns runs, Set<FaultKind> kinds, Set<Verdict> allowed,
			BiConsumer<Finding, Boolean> findings) {
		this.probe = probe;
		this.runs = runs;
		this.kinds = EnumSet.copyOf(kinds);
		this.allowed = EnumSet.copyOf(allowed);
		this.findings = findings;
	}

	Stream<DynamicTest> stream() {
		requireNoTransaction();
		List<DynamicTest> tests = new ArrayList<>();
		for (RoundTrip roundTrip : rehearse()) {
			for (FaultKind kind : this.kinds) {
				if (kind.appliesTo(roundTrip)) {
					tests.add(DynamicTest.dynamicTest(name(roundTrip, kind), () -> test(roundTrip, kind)));
				}
			}
		}
		return tests.stream();
	}

	private List<RoundTrip> rehearse() {
		try {
			List<RoundTrip> roundTrips = this.runs.rehearse();
			if (roundTrips.isEmpty()) {
				throw new IllegalStateException(
						"The method did not ask a database that a proxy stands before, until it returned. "
								+ Advice.ON_ASYNCHRONOUS + this.probe.reasons());
			}
			return roundTrips;
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException("The method can't be run without a fault", ex);
		}
	}

	private String name(RoundTrip roundTrip, FaultKind kind) {
		String name = kind.describe(roundTrip);
		return (this.probe.sources().size() > 1) ? name + " [" + roundTrip.source() + "]" : name;
	}

	private void test(RoundTrip roundTrip, FaultKind kind) throws Exception {
		Finding finding = find(roundTrip, kind);
		boolean accepted = this.allowed.contains(finding.verdict());
		this.findings.accept(finding, accepted);
		if (!accepted) {
			List<String> text = new ArrayList<>(List.of(finding.message()));
			text.addAll(this.probe.notLookedAt());
			throw new AssertionError(String.join("\n", text));
		}
	}

	/**
	 * What fails before the method is called, in {@code given} perhaps, is in the
	 * summary, too.
	 */
	private Finding find(RoundTrip roundTrip, FaultKind kind) throws Exception {
		try {
			Map<String, Integer> lent = this.probe.lent().count();
			Finding finding = this.runs.runWith(roundTrip, kind);
			finding = finding.leaving(this.probe.lent().left(lent));
			if (finding.explanation().contains(Judge.OPEN) || finding.explanation().contains(Judge.LENT)) {
				for (Source source : this.probe.sources()) {
					source.endOpenTransactions();
				}
			}
			return finding;
		}
		catch (Exception | Error ex) {
			this.findings.accept(new Finding(roundTrip, kind, Verdict.NOT_RUN, ex + "\n", List.of(), 0), false);
			throw ex;
		}
	}

	private static void requireNoTransaction() {
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			throw new IllegalStateException("The test has begun a transaction, in which the method would take part: it "
					+ "would neither commit nor be rerun. Write "
					+ "@Transactional(propagation = Propagation.NOT_SUPPORTED) on the test class");
		}
	}

}
