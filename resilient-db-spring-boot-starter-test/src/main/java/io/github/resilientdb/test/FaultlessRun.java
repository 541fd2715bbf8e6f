package io.github.resilientdb.test;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.github.resilientdb.test.rows.Rules;
import io.github.resilientdb.test.rows.Rules.Rehearsal;
import io.github.resilientdb.test.rows.Snapshot;
import io.github.resilientdb.test.rows.Text;

/**
 * A run without a fault.
 *
 * @param before the rows before the method was called, by data source
 * @param observation what it did
 */
record FaultlessRun(Map<String, Snapshot> before, Observation observation) {

	FaultlessRun {
		before = Map.copyOf(before);
	}

	/**
	 * Learn from this run and the next how rows are compared.
	 * @param next the next run
	 * @param rules what is known, by data source
	 * @return what is known now
	 * @throws IllegalStateException if the two do different things even so
	 */
	Map<String, Rules> learn(FaultlessRun next, Map<String, Rules> rules) {
		Map<String, Rules> learnt = new LinkedHashMap<>();
		rules.forEach((name, rule) -> learnt.put(name, rule.learn(rehearsal(name), next.rehearsal(name))));
		Judge.Judgement judgement = new Judge(learnt, next.before, this.observation, Set.of(), generated(next))
			.judge(next.observation);
		if (judgement.verdict() != Verdict.SAME) {
			Throwable first = this.observation.exception();
			Throwable second = next.observation.exception();
			throw new IllegalStateException(
					"Two runs without a fault do different things, so that no fault can be judged:\n"
							+ ((first != null) ? "Thrown first: " + first + "\n" : "") + judgement.explanation()
							+ ((second != null) ? Advice.onGenerated(second) : Advice.ON_GENERATED));
		}
		return learnt;
	}

	/**
	 * Return which parts of the exception's message are keys that each run generates
	 * anew: two runs had other ones.
	 */
	Set<Integer> generated(FaultlessRun next) {
		return Text.others(this.observation.message(), next.observation.message());
	}

	private Rehearsal rehearsal(String source) {
		return new Rehearsal(this.before.getOrDefault(source, Snapshot.EMPTY),
				this.observation.snapshots().getOrDefault(source, Snapshot.EMPTY));
	}

}
