package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.resilientdb.test.rows.CanonicalRows;
import io.github.resilientdb.test.rows.RowDifference;
import io.github.resilientdb.test.rows.Rules;
import io.github.resilientdb.test.rows.Snapshot;
import io.github.resilientdb.test.rows.Text;
import io.github.resilientdb.test.values.Unordered;

/**
 * Compares a run with a fault with the one without. Knows nothing of databases.
 */
final class Judge {

	/**
	 * How the finding begins of a method that did all that it should but close what it
	 * opened.
	 */
	static final String OPEN = "Open transactions: ";

	static final String LENT = "Connections: ";

	private static final Pattern STATUS = Pattern.compile("status \\d\\d\\d\\b");

	private static final Pattern SERVER_ERROR = Pattern.compile("status 5\\d\\d\\b");

	private final Map<String, Rules> rules;

	private final Map<String, Snapshot> initial;

	private final Observation expected;

	private final Set<String> perAttempt;

	private final Set<Integer> generated;

	/**
	 * Create a judge.
	 * @param rules how rows are compared, by data source
	 * @param initial the rows before the method was called
	 * @param expected the run without a fault
	 * @param perAttempt the effects that each attempt may have again
	 * @param generated the tokens of the exception's message that are keys
	 */
	Judge(Map<String, Rules> rules, Map<String, Snapshot> initial, Observation expected, Set<String> perAttempt,
			Set<Integer> generated) {
		this.rules = Map.copyOf(rules);
		this.initial = Map.copyOf(initial);
		this.expected = expected;
		this.perAttempt = Set.copyOf(perAttempt);
		this.generated = Set.copyOf(generated);
	}

	/**
	 * Judge a run that ended.
	 */
	Judgement judge(Observation observed) {
		List<String> differences = new ArrayList<>();
		Rows rows = compare(this.expected.snapshots(), observed.snapshots());
		if (failed(observed)) {
			return judgeFailure(observed, rows);
		}
		boolean duplicated = !rows.text().isEmpty() && rows.duplicated();
		if (!rows.text().isEmpty()) {
			differences.add("Rows (- expected, + observed; generated keys may be others):\n" + rows.text());
		}
		if (!same(this.expected.outcome(), observed.outcome(), observed)) {
			differences.add("Outcome: expected %s but was %s%n".formatted(this.expected.outcome(), observed.outcome()));
		}
		compareCallbacks(observed, differences);
		compareEvents(observed, differences);
		for (String effect : this.expected.effects().keySet()) {
			compareEffect(effect, observed, differences);
		}
		if (observed.openTransactions() > this.expected.openTransactions()) {
			differences.add(OPEN + observed.openTransactions() + "\n");
		}
		Verdict verdict = differences.isEmpty() ? Verdict.SAME : (duplicated ? Verdict.DUPLICATED : Verdict.DIFFERENT);
		return new Judgement(verdict, String.join("", differences));
	}

	/**
	 * Return whether the method failed otherwise than without a fault.
	 */
	private boolean failed(Observation observed) {
		if ((isServerError(observed) && !isServerError(this.expected)) || isUnknownOverHttp(observed)) {
			return true;
		}
		Throwable thrown = observed.exception();
		Throwable usual = this.expected.exception();
		return thrown != null && (usual == null || !usual.getClass().equals(thrown.getClass())
				|| !same(this.expected.message(), observed.message(), observed, this.generated));
	}

	private static boolean isServerError(Observation observation) {
		return SERVER_ERROR.matcher(observation.result()).lookingAt();
	}

	/**
	 * Who asks over HTTP sees a status instead of an exception: whichever the application
	 * has chosen for an unknown outcome, as long as it is not the one of success.
	 */
	private boolean isUnknownOverHttp(Observation observed) {
		Matcher now = STATUS.matcher(observed.result());
		Matcher usual = STATUS.matcher(this.expected.result());
		return observed.outcomeUnknown() && now.lookingAt() && usual.lookingAt() && !now.group().equals(usual.group());
	}

	private Judgement judgeFailure(Observation observed, Rows rows) {
		Rows changed = compare(this.initial, observed.snapshots());
		String text = ((observed.exception() != null) ? "Thrown: " + observed.exception()
				: "Answered: " + observed.result()) + "\n";
		if (UnknownOutcome.isIn(observed.exception()) || isUnknownOverHttp(observed)) {
			return new Judgement(Verdict.UNKNOWN, text);
		}
		if (changed.text().isEmpty()) {
			return new Judgement(Verdict.FAILED_UNCHANGED, text);
		}
		return new Judgement(Verdict.FAILED_CHANGED, text + (rows.text().isEmpty() ? "All changes were committed.\n"
				: "Rows (- before the call, + after it):\n" + changed.text()));
	}

	private Rows compare(Map<String, Snapshot> left, Map<String, Snapshot> right) {
		StringBuilder text = new StringBuilder();
		boolean duplicated = true;
		for (Map.Entry<String, Rules> source : this.rules.entrySet()) {
			RowDifference difference = RowDifference.between(source.getValue(),
					left.getOrDefault(source.getKey(), Snapshot.EMPTY),
					right.getOrDefault(source.getKey(), Snapshot.EMPTY));
			if (!difference.isEmpty()) {
				text.append(difference);
				duplicated &= difference.isDuplication();
			}
		}
		return new Rows(text.toString(), duplicated);
	}

	private void compareCallbacks(Observation observed, List<String> differences) {
		if (!sameAll(this.expected.callbacks(), observed.callbacks(), observed)) {
			differences.add("After-commit callbacks: expected %s but were %s%n".formatted(this.expected.callbacks(),
					observed.callbacks()));
		}
	}

	/**
	 * Each attempt publishes its events: they may come again, with the keys of rows that
	 * were rolled back, but none is missing and none is new.
	 */
	private void compareEvents(Observation observed, List<String> differences) {
		List<String> missing = without(this.expected.events(), observed.events(), observed, false);
		List<String> unexpected = without(observed.events(), this.expected.events(), observed, true);
		if (!missing.isEmpty()) {
			differences.add("Events that were not published: " + missing + "\n");
		}
		if (!unexpected.isEmpty()) {
			differences.add("Events of no run without a fault: " + unexpected + "\n");
		}
	}

	private List<String> without(List<String> events, List<String> others, Observation observed, boolean swapped) {
		return events.stream()
			.filter((event) -> others.stream()
				.noneMatch(
						(other) -> swapped ? sameOrRolledBack(other, event, observed) : same(event, other, observed)))
			.toList();
	}

	private void compareEffect(String effect, Observation observed, List<String> differences) {
		String usual = this.expected.effects().getOrDefault(effect, "");
		String now = observed.effects().getOrDefault(effect, "");
		if (!same(usual, now, observed) && !(this.perAttempt.contains(effect) && repeats(usual, now, observed))) {
			differences.add("%s: expected %s but was %s%s%n".formatted(effect, usual, now, (observed.attempts() > 1)
					? ". This runs once per attempt: do it after the commit, or allow it with observingPerAttempt(...)"
					: ""));
		}
	}

	private static boolean repeats(String usual, String now, Observation observed) {
		try {
			long once = Long.parseLong(usual);
			long count = Long.parseLong(now);
			return count >= once && count <= once * observed.attempts();
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

	private boolean sameAll(List<String> usual, List<String> now, Observation observed) {
		if (usual.size() != now.size()) {
			return false;
		}
		for (int i = 0; i < usual.size(); i++) {
			if (!same(usual.get(i), now.get(i), observed)) {
				return false;
			}
		}
		return true;
	}

	private boolean same(String usual, String now, Observation observed) {
		return same(usual, now, observed, Set.of());
	}

	private boolean same(String usual, String now, Observation observed, Set<Integer> generated) {
		return usual.equals(now) || this.rules.entrySet().stream().anyMatch((source) -> {
			CanonicalRows left = rows(source, this.expected);
			CanonicalRows right = rows(source, observed);
			return Text.same(Unordered.sort(usual, left::form), left, Unordered.sort(now, right::form), right,
					generated);
		});
	}

	private boolean sameOrRolledBack(String usual, String now, Observation observed) {
		return same(usual, now, observed) || this.rules.entrySet()
			.stream()
			.anyMatch(
					(source) -> Text.sameOrRolledBack(usual, rows(source, this.expected), now, rows(source, observed)));
	}

	private static CanonicalRows rows(Map.Entry<String, Rules> source, Observation observation) {
		Snapshot snapshot = observation.snapshots().getOrDefault(source.getKey(), Snapshot.EMPTY);
		return new CanonicalRows(source.getValue(), snapshot);
	}

	/**
	 * What a run came to, and why.
	 */
	record Judgement(Verdict verdict, String explanation) {

		Judgement {
			explanation = Unordered.show(explanation);
		}

	}

	private record Rows(String text, boolean duplicated) {

	}

}
