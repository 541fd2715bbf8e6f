package io.github.resilientdb.pool.guard;

import java.util.regex.Pattern;

/**
 * Recognizes statements that commit, beside {@code Connection.commit()}.
 */
final class CommitStatement {

	private static final Pattern AMONG = Pattern.compile("(?:^|;)\\s*(?:commit|end)\\b", Pattern.CASE_INSENSITIVE);

	private CommitStatement() {
	}

	/**
	 * Return whether a text begins by committing, which is cheap to tell.
	 * @param sql what was executed
	 * @return whether its first statement commits
	 */
	static boolean isOne(String sql) {
		int start = 0;
		while (start < sql.length() && Character.isWhitespace(sql.charAt(start))) {
			start++;
		}
		return isWord(sql, start, "commit") || isWord(sql, start, "end");
	}

	private static boolean isWord(String sql, int start, String word) {
		int end = start + word.length();
		return sql.regionMatches(true, start, word, 0, word.length())
				&& (end == sql.length() || !Character.isJavaIdentifierPart(sql.charAt(end)));
	}

	/**
	 * Return whether a statement that commits may be among those of a text. Whoever is
	 * wrong about that takes an outcome for unknown.
	 * @param sql what was executed
	 * @return whether it may commit
	 */
	static boolean isAmong(String sql) {
		return AMONG.matcher(sql).find();
	}

}
