package io.github.resilientdb.test.rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts with keys and points in time in them: results, events, documents in a column.
 */
public final class Text {

	private static final String UUID = "\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}";

	/**
	 * What is compared as one: a point in time, a UUID, a number, or a word.
	 */
	static final Pattern TOKEN = Pattern.compile(Moments.PATTERN + "|" + UUID + "|\\d+|[^\\W\\d]+");

	private static final Pattern TOKENS = Pattern.compile(TOKEN.pattern() + "|\\W");

	private static final Pattern IS_UUID = Pattern.compile(UUID);

	private static final Pattern KEY = Pattern.compile(UUID + "|\\d+");

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
		return same(expected, expectedRows, observed, observedRows, false);
	}

	/**
	 * Return whether two texts are the same where the observed one may also be of an
	 * attempt that was rolled back: its keys are those of rows that are gone.
	 */
	public static boolean sameOrRolledBack(String expected, CanonicalRows expectedRows, String observed,
			CanonicalRows observedRows) {
		return same(expected, expectedRows, observed, observedRows, true);
	}

	private static boolean same(String expected, CanonicalRows expectedRows, String observed,
			CanonicalRows observedRows, boolean rolledBack) {
		List<String> left = tokens(expected);
		List<String> right = tokens(observed);
		if (left.size() != right.size()) {
			return false;
		}
		Map<String, String> uuids = new HashMap<>();
		Map<String, String> back = new HashMap<>();
		for (int i = 0; i < left.size(); i++) {
			String token = left.get(i);
			String other = right.get(i);
			if (isUuid(token) && isUuid(other) && !(other.equals(uuids.getOrDefault(token, other))
					&& token.equals(back.getOrDefault(other, token)))) {
				return false;
			}
			uuids.put(token, other);
			back.put(other, token);
			if (!sameToken(token, expectedRows, other, observedRows)
					&& !(rolledBack && expectedRows.isGenerated(token) && isGone(other, observedRows))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isGone(String token, CanonicalRows rows) {
		return KEY.matcher(token).matches() && rows.names(token).isEmpty();
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
