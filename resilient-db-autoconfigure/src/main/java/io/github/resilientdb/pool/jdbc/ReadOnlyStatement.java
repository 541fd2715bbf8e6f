package io.github.resilientdb.pool.jdbc;

import java.util.regex.Pattern;

/**
 * Finds statements that make the transaction they are in read-only, as an application may
 * send them by hand.
 */
public final class ReadOnlyStatement {

	private static final String MODE = "(?:set\\s+(?:local\\s+)?transaction|begin|start\\s+transaction)"
			+ "\\s[^;']*\\bread\\s+only\\b";

	private static final String PARAMETER = "set\\s+(?:local\\s+)?transaction_read_only"
			+ "\\s*(?:=|\\sto\\s)\\s*'?(?:on|true|yes|1)\\b";

	private static final Pattern DECLARATION = Pattern.compile("\\s*(?:" + MODE + "|" + PARAMETER + ").*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private ReadOnlyStatement() {
	}

	/**
	 * Return whether a text declares its transaction read-only. For most texts their
	 * first letters tell that they don't.
	 * @param sql what is executed
	 * @return whether it does
	 */
	public static boolean is(String sql) {
		return mayBe(sql) && DECLARATION.matcher(sql).matches();
	}

	private static boolean mayBe(String sql) {
		int start = 0;
		while (start < sql.length() && Character.isWhitespace(sql.charAt(start))) {
			start++;
		}
		return sql.regionMatches(true, start, "set", 0, 3) || sql.regionMatches(true, start, "begin", 0, 5)
				|| sql.regionMatches(true, start, "start", 0, 5);
	}

}
