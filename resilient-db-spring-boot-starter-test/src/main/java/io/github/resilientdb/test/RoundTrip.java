package io.github.resilientdb.test;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.github.resilientdb.test.proxy.Statements;

/**
 * A request of a method to its database, and the answer.
 *
 * @param number which of the method's round trips it is, from 1
 * @param source the name of the data source
 * @param statements the SQL that travels together, such as BEGIN and what follows it
 */
record RoundTrip(int number, String source, List<String> statements) {

	private static final int SUMMARY_LENGTH = 70;

	private static final Predicate<String> COMMIT = Statements.commit();

	private static final Pattern WRITES = Pattern.compile(
			"^\\s*(with\\b.*\\b)?(insert|update|delete|merge|truncate|lock|copy|create|alter|drop)\\b"
					+ "|\\bfor\\s+(no\\s+key\\s+)?(update|share)\\b|\\bnextval\\b",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final Pattern READS = Pattern.compile("^\\s*(select|values|with|table|call|fetch)\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern NOT_OWN = Pattern
		.compile("^\\s*$|^SET (extra_float_digits|application_name|SESSION CHARACTERISTICS)\\b"
				+ "|^select nextval\\('[^']*'\\)$|^SELECT pg_catalog\\.pg_backend_pid\\(\\)"
				+ "|^select pg_is_in_recovery\\(\\)$|^(SHOW|SET LOCAL) lock_timeout\\b");

	private static final Predicate<String> LOOK_UP = Pattern.compile("^\\s*SET LOCAL search_path = pg_catalog\\b")
		.asPredicate();

	RoundTrip {
		statements = List.copyOf(statements);
	}

	/**
	 * Return the statements that are a method's own, each time that it is called: the
	 * checks of a pool, what the driver or the starter sends when it connects, and blocks
	 * of keys that are fetched now and then are not.
	 */
	static List<String> own(List<String> statements) {
		return statements.stream().filter((sql) -> !NOT_OWN.matcher(sql).find()).toList();
	}

	/**
	 * Return how often a method began.
	 * @param trace its round trips, and those that looked up a lost COMMIT
	 * @param usual its round trips without a fault
	 */
	static int attempts(List<RoundTrip> trace, List<RoundTrip> usual) {
		int attempts = 1;
		int next = 0;
		for (int i = 0; i < trace.size(); i++) {
			RoundTrip roundTrip = trace.get(i);
			if (i + 1 < trace.size() && trace.get(i + 1).looksUp()) {
				continue; // the BEGIN of the look-up
			}
			if (next < usual.size() && roundTrip.isSame(usual.get(next))) {
				next++;
			}
			else if (!usual.isEmpty() && roundTrip.isSame(usual.get(0))) {
				attempts++;
				next = 1;
			}
		}
		return attempts;
	}

	private boolean looksUp() {
		return this.statements.stream().anyMatch(LOOK_UP);
	}

	private boolean isSame(RoundTrip other) {
		return this.source.equals(other.source) && summary().equals(other.summary());
	}

	boolean isCommit() {
		return this.statements.stream().anyMatch(COMMIT);
	}

	boolean writes() {
		return !isCommit() && this.statements.stream().anyMatch((sql) -> WRITES.matcher(sql).find());
	}

	boolean reads() {
		return this.statements.stream().anyMatch((sql) -> READS.matcher(sql).find());
	}

	/**
	 * Return the SQL on one line, without the BEGIN that travels with it.
	 */
	String summary() {
		String sql = this.statements.stream()
			.filter((statement) -> this.statements.size() == 1
					|| !statement.toLowerCase(Locale.ROOT).startsWith("begin"))
			.findFirst()
			.orElse("")
			.replaceAll("\\s+", " ")
			.trim();
		String more = (this.statements.size() > 3) ? " (and " + (this.statements.size() - 1) + " more)" : "";
		return ((sql.length() > SUMMARY_LENGTH) ? sql.substring(0, SUMMARY_LENGTH) + " …" : sql) + more;
	}

}
