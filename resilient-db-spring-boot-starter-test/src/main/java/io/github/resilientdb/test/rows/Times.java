package io.github.resilientdb.test.rows;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The points in time that runs without a fault left in a column: fixed ones, and ones
 * that have a distance from the run.
 *
 * @param fixed what is the same in each run, to the fraction of a second
 * @param either what was the same in two runs, but may just be truncated, with its
 * distance
 * @param distances the distances, those together that no run could tell apart
 */
record Times(Set<String> fixed, Map<String, Span> either, List<List<Span>> distances) {

	static final Times NONE = new Times(Set.of(), Map.of(), List.of());

	Times {
		fixed = Set.copyOf(fixed);
		either = Map.copyOf(either);
		distances = List.copyOf(distances);
	}

	/**
	 * Learn from the points in time of two runs, each with its distance.
	 */
	static Times learn(Map<String, Span> first, Map<String, Span> second) {
		Set<String> fixed = new HashSet<>();
		Map<String, Span> either = new LinkedHashMap<>();
		List<Span> spans = new ArrayList<>();
		for (Map<String, Span> run : List.of(first, second)) {
			run.forEach((text, span) -> {
				if (!first.containsKey(text) || !second.containsKey(text)) {
					spans.add(span);
				}
				else if (span.mayMove()) {
					either.put(text, span);
					spans.add(span);
				}
				else {
					fixed.add(text);
				}
			});
		}
		return new Times(fixed, either, group(spans));
	}

	private static List<List<Span>> group(Collection<Span> spans) {
		List<List<Span>> groups = new ArrayList<>();
		for (Span span : spans.stream().sorted(Comparator.comparingLong(Span::low)).toList()) {
			Optional<List<Span>> group = groups.stream()
				.filter((known) -> known.stream().anyMatch(span::isOneWith))
				.findFirst();
			group.ifPresentOrElse((known) -> known.add(span), () -> groups.add(new ArrayList<>(List.of(span))));
		}
		return groups;
	}

	/**
	 * Return what stands for a point in time: its distance if that is known, or else
	 * itself.
	 * @param span its distance in its run
	 */
	String label(String text, Span span) {
		if (this.fixed.contains(text)) {
			return text;
		}
		Span distance = Objects.requireNonNullElse(this.either.get(text), span);
		return this.distances.stream()
			.filter((known) -> known.stream().anyMatch(distance::matches))
			.min(Comparator.comparingLong((known) -> known.stream().mapToLong(distance::distanceTo).min().orElse(0)))
			.map((known) -> "<now %+d ms>".formatted(known.get(0).low()))
			.orElse(text);
	}

}
