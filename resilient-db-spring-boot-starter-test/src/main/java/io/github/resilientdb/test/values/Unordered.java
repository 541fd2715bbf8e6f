package io.github.resilientdb.test.values;

import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of a collection without an order. Keys in it are others in each run, and so is
 * the order of what they are in.
 */
public final class Unordered {

	private static final String BEGIN = "⟨";

	private static final String BETWEEN = " ¦ ";

	private static final String END = "⟩";

	private static final Pattern INNERMOST = Pattern.compile(BEGIN + "([^" + BEGIN + END + "]*)" + END);

	private static final Pattern DIGIT = Pattern.compile("\\d");

	private Unordered() {
	}

	/**
	 * Write elements. Where there is nothing that could be a key, their order is that of
	 * their texts.
	 */
	static String write(List<String> elements) {
		List<String> ordered = elements.stream().sorted().toList();
		boolean keys = ordered.size() > 1 && ordered.stream().anyMatch((element) -> DIGIT.matcher(element).find());
		return keys ? BEGIN + String.join(BETWEEN, ordered) + END : ordered.toString();
	}

	/**
	 * Return a text with the elements of all such collections in the order of what they
	 * stand for.
	 * @param form gives what an element stands for in its run
	 */
	public static String sort(String text, UnaryOperator<String> form) {
		String sorted = text;
		for (Matcher matcher = INNERMOST.matcher(sorted); matcher.find(); matcher = INNERMOST.matcher(sorted)) {
			sorted = matcher.replaceFirst((match) -> Matcher.quoteReplacement(Stream.of(match.group(1).split(BETWEEN))
				.sorted(Comparator.comparing(form))
				.collect(Collectors.joining(", ", "[", "]"))));
		}
		return sorted;
	}

	/**
	 * Return a text as it is shown.
	 */
	public static String show(String text) {
		return sort(text, (element) -> element);
	}

}
