package io.github.resilientdb.test.values;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What is compared of a response's headers: all but those that tell of the connection, of
 * the moment, or of the body.
 */
final class HttpHeaders {

	private static final Set<String> LEFT_OUT = Set.of("age", "connection", "content-length", "date", "keep-alive",
			"server-timing", "traceparent", "tracestate", "transfer-encoding", "x-response-time");

	private static final Pattern DATE = Pattern.compile("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} [\\d:]{8} GMT");

	/**
	 * The name of a session, a digest: letters and digits at random.
	 */
	private static final Pattern TOKEN = Pattern
		.compile("(?<![\\w-])(?=(?:\\p{Alnum}*?\\d\\p{Alpha}){2})\\p{Alnum}{16,}(?![\\w-])");

	/**
	 * What is random in a cookie may have other characters too. A client that keeps its
	 * cookies gets it once.
	 */
	private static final Pattern COOKIE = Pattern.compile("(?<==)(?=(?:[^;]*?\\d[^\\d;]){2})[^;,\\s]{16,}(?=;|$)");

	private HttpHeaders() {
	}

	/**
	 * Write headers, each after a comma.
	 * @param headers the values by name
	 */
	static String write(Map<?, ?> headers) {
		Map<String, String> written = new TreeMap<>();
		headers.forEach((key, values) -> {
			String name = String.valueOf(key).toLowerCase(Locale.ROOT);
			String value = LEFT_OUT.contains(name) ? "" : value(name, values);
			if (!value.isEmpty()) {
				written.put(name, value);
			}
		});
		return written.entrySet()
			.stream()
			.map((header) -> ", " + header.getKey() + ": " + header.getValue())
			.collect(Collectors.joining());
	}

	private static String value(String name, @Nullable Object values) {
		if (values instanceof Collection<?> several) {
			return several.stream()
				.map((value) -> value(name, value))
				.filter((value) -> !value.isEmpty())
				.collect(Collectors.joining(", "));
		}
		String value = DATE.matcher(String.valueOf(values)).replaceAll(HttpHeaders::moment);
		return switch (name) {
			case "location" -> value;
			case "set-cookie" -> COOKIE.matcher(value).find() ? "" : value;
			default -> TOKEN.matcher(value).replaceAll("<token>");
		};
	}

	/**
	 * Write a point in time as others are written.
	 */
	private static String moment(MatchResult date) {
		try {
			return DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.group(), Instant::from).toString();
		}
		catch (DateTimeException ex) {
			return Matcher.quoteReplacement(date.group());
		}
	}

}
