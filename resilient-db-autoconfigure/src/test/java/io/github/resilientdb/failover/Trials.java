package io.github.resilientdb.failover;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.resilientdb.testsupport.HaCluster.Topology;

/**
 * What came of all trials, and what of them is not as it should be.
 */
final class Trials {

	private static final Duration WATCHDOG_AFTER = Duration.ofSeconds(5);

	private static final long FOUND_WITHIN = WATCHDOG_AFTER.plusSeconds(3).toMillis();

	private static final long SUCCESS_WITHIN = 1000;

	private static final long SUCCESS_AFTER_SILENCE_WITHIN = 2000;

	private final Map<String, List<Measured>> rows = new LinkedHashMap<>();

	private final List<String> misses = new ArrayList<>();

	/**
	 * Add a trial.
	 * @return what of it is not as it should be
	 */
	List<String> add(Topology topology, Event event, Measured measured) {
		String row = topology + " " + event;
		this.rows.computeIfAbsent(row, (key) -> new ArrayList<>()).add(measured);
		List<String> missed = Stream
			.of(unless(measured.isClean(), "a call failed, hung or was not done once"),
					unless(measured.first() <= within(event), "the first success came late"),
					unless(!event.isSilence() || isFoundInTime(measured), "the silence was found late"))
			.flatMap(List::stream)
			.map((what) -> row + ": " + what + ": " + measured)
			.toList();
		this.misses.addAll(missed);
		return missed;
	}

	private static List<String> unless(boolean condition, String miss) {
		return condition ? List.of() : List.of(miss);
	}

	private static long within(Event event) {
		return event.isSilence() ? SUCCESS_AFTER_SILENCE_WITHIN : SUCCESS_WITHIN;
	}

	private static boolean isFoundInTime(Measured measured) {
		Long found = measured.found();
		return found != null && found <= FOUND_WITHIN;
	}

	/**
	 * Return a table of all trials, in Markdown, and a list of what is not as it should
	 * be.
	 */
	String report() {
		StringBuilder report = new StringBuilder(
				"""

						| what | runs | clean | open | found | first | all | longest | looked up | plain failed | by hand twice |
						|---|---|---|---|---|---|---|---|---|---|---|
						""");
		this.rows.forEach((row,
				runs) -> report.append("| %s | %d | %d | %s | %s | %s | %s | %s | %d | %s | %s |%n".formatted(row,
						runs.size(), runs.stream().filter(Measured::isClean).count(),
						range(runs.stream().map(Measured::open)),
						range(runs.stream().flatMap((each) -> Stream.ofNullable(each.found()))),
						range(runs.stream().map(Measured::first)), range(runs.stream().map(Measured::all)),
						range(runs.stream().map(Measured::longest)), runs.stream().mapToInt(Measured::lookUps).sum(),
						range(runs.stream().map((each) -> (long) each.plain().failed())),
						range(runs.stream().map((each) -> each.byHand().duplicated())))));
		report.append(this.misses.isEmpty() ? "No misses" : "Misses:\n" + String.join("\n", this.misses));
		return report.toString();
	}

	private static String range(Stream<Long> values) {
		List<Long> sorted = values.sorted().toList();
		return sorted.isEmpty() ? "-" : "%d (%d to %d)".formatted(sorted.get(sorted.size() / 2), sorted.get(0),
				sorted.get(sorted.size() - 1));
	}

}
