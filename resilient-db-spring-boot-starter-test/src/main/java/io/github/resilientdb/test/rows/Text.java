package io.github.resilientdb.test.rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Texts with keys and points in time in them: results, events, documents in a column.
 */
public final class Text {

	private static final String UUID = "\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}";

	/**
	 * Bytes as the server writes them.
	 */
	private static final String BYTES = "\\\\x(?:\\p{XDigit}{2})+";

	/**
	 * What is compared as one: a point in time, a UUID, bytes, a number, or a word.
	 */
	static final Pattern TOKEN = Pattern.compile(Moments.PATTERN + "|" + UUID + "|" + BYTES + "|\\d+|[^\\W\\d]+");

	private static final Pattern TOKENS = Pattern.compile(TOKEN.pattern() + "|\\W");

	private static final Pattern IS_UUID = Pattern.compile(UUID);

	private static final Pattern KEY = Pattern.compile(UUID + "|" + BYTES + "|\\d+");

	private Text() {
	}

	static boolean isUuid(String token) {
		return IS_UUID.matcher(token).matches();
	}

	private static List<String> tokens(String text) {
		List<String> tokens = new ArrayList<>();
		Matcher matcher = TOKENS.matcher(text);
		while (matcher.find()) {
			tokens.add(matcher.group());
		}
		return tokens;
	}

	/**
	 * Return whether two texts are the same except for points in time, and for keys that
	 * correspond to each other one to one.
	 */
	public static boolean same(String expected, CanonicalRows expectedRows, String observed,
			CanonicalRows observedRows) {
		return same(expected, expectedRows, observed, observedRows, Set.of());
	}

	/**
	 * Return whether two texts are the same where some tokens may be keys of rows that
	 * are gone in both runs, since both were rolled back.
	 * @param generated the tokens, by their number
	 */
	public static boolean same(String expected, CanonicalRows expectedRows, String observed, CanonicalRows observedRows,
			Set<Integer> generated) {
		return same(expected, expectedRows, observed, observedRows, generated,
				(token, other) -> isGone(token, expectedRows) && isGone(other, observedRows));
	}

	/**
	 * Return whether two texts are the same where the observed one may also be of an
	 * attempt that was rolled back: its keys are those of rows that are gone.
	 */
	public static boolean sameOrRolledBack(String expected, CanonicalRows expectedRows, String observed,
			CanonicalRows observedRows) {
		return same(expected, expectedRows, observed, observedRows, null,
				(token, other) -> expectedRows.isGenerated(token) && isGone(other, observedRows));
	}

	/**
	 * Return the numbers of the tokens that are other keys in one text than in another.
	 */
	public static Set<Integer> others(String first, String second) {
		List<String> left = tokens(first);
		List<String> right = tokens(second);
		return IntStream.range(0, Math.min(left.size(), right.size()))
			.filter((i) -> !left.get(i).equals(right.get(i)) && isKey(left.get(i)) && isKey(right.get(i)))
			.boxed()
			.collect(Collectors.toSet());
	}

	/**
	 * Compare texts.
	 * @param places the tokens that may be gone, or {@code null} for all
	 * @param gone whether two tokens are keys that are gone
	 */
	private static boolean same(String expected, CanonicalRows expectedRows, String observed,
			CanonicalRows observedRows, @Nullable Set<Integer> places, BiPredicate<String, String> gone) {
		List<String> left = tokens(expected);
		List<String> right = tokens(observed);
		if (left.size() != right.size()) {
			return false;
		}
		Map<String, String> there = new HashMap<>();
		Map<String, String> back = new HashMap<>();
		for (int i = 0; i < left.size(); i++) {
			String token = left.get(i);
			String other = right.get(i);
			boolean unique = (places != null && places.contains(i)) || (isUuid(token) && isUuid(other));
			if (unique && !(other.equals(there.getOrDefault(token, other))
					&& token.equals(back.getOrDefault(other, token)))) {
				return false;
			}
			there.put(token, other);
			back.put(other, token);
			if (!sameToken(token, expectedRows, other, observedRows)
					&& !((places == null || places.contains(i)) && gone.test(token, other))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isKey(String token) {
		return KEY.matcher(token).matches();
	}

	private static boolean isGone(String token, CanonicalRows rows) {
		return isKey(token) && rows.names(token).isEmpty();
	}

	private static boolean sameToken(String expected, CanonicalRows expectedRows, String observed,
			CanonicalRows observedRows) {
		List<String> names = expectedRows.names(expected);
		if (expected.equals(observed) && (names.isEmpty() || !isUuid(expected))) {
			return true; // a number may be a key, and something else
		}
		if (Moments.same(expected, expectedRows.moments(), observed, observedRows.moments())) {
			return true;
		}
		if (names.isEmpty() && isUuid(expected) && isUuid(observed)) {
			return observedRows.names(observed).isEmpty();
		}
		return observedRows.names(observed).stream().anyMatch(names::contains);
	}

}
