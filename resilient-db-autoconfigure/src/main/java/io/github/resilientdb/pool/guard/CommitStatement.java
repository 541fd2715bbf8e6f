package io.github.resilientdb.pool.guard;

import java.util.Locale;

/**
 * Finds statements that commit among those of a text, as PostgreSQL would read it.
 */
final class CommitStatement {

	private final String sql;

	private int at;

	private CommitStatement(String sql) {
		this.sql = sql;
	}

	/**
	 * Return where a text commits. For most texts a glance tells that they don't.
	 * @param sql what is executed
	 * @return where its last COMMIT or END is
	 */
	static Place in(String sql) {
		return mayCommit(sql) ? new CommitStatement(sql).find() : Place.NONE;
	}

	private static boolean mayCommit(String sql) {
		int start = 0;
		while (start < sql.length() && Character.isWhitespace(sql.charAt(start))) {
			start++;
		}
		if (start == sql.length()) {
			return false;
		}
		char first = sql.charAt(start);
		return "cCeE-/;".indexOf(first) >= 0 || sql.indexOf(';', start) >= 0;
	}

	private Place find() {
		Place found = Place.NONE;
		String statement = "";
		boolean body = false; // of a function that is written in SQL: begin atomic … end
		while (!isAtEnd()) {
			char next = this.sql.charAt(this.at);
			if (next == ';') {
				this.at++;
				statement = "";
			}
			else if (Character.isWhitespace(next)) {
				this.at++;
			}
			else if (!skipComment()) {
				String token = token();
				boolean first = statement.isEmpty();
				if (first) {
					statement = token;
					found = (found != Place.NONE) ? Place.FOLLOWED : Place.NONE;
				}
				if (first && body) {
					body = !token.equals("end");
				}
				else if (first && (token.equals("commit") || token.equals("end"))) {
					found = Place.LAST;
				}
				else if (statement.equals("create") && token.equals("atomic")) {
					body = true;
				}
			}
		}
		return found;
	}

	private boolean isAtEnd() {
		return this.at >= this.sql.length();
	}

	private boolean skipComment() {
		if (this.sql.startsWith("--", this.at)) {
			int end = this.sql.indexOf('\n', this.at);
			this.at = (end >= 0) ? end : this.sql.length();
			return true;
		}
		if (!this.sql.startsWith("/*", this.at)) {
			return false;
		}
		int depth = 0;
		do {
			if (this.sql.startsWith("/*", this.at)) {
				depth++;
				this.at += 2;
			}
			else if (this.sql.startsWith("*/", this.at)) {
				depth--;
				this.at += 2;
			}
			else {
				this.at++;
			}
		}
		while (depth > 0 && !isAtEnd());
		return true;
	}

	/**
	 * Read a word, a literal or any other character.
	 */
	private String token() {
		int start = this.at;
		char next = this.sql.charAt(start);
		if (Character.isJavaIdentifierStart(next) && next != '$') {
			while (!isAtEnd() && Character.isJavaIdentifierPart(this.sql.charAt(this.at))) {
				this.at++;
			}
			String word = this.sql.substring(start, this.at).toLowerCase(Locale.ROOT);
			if (word.equals("e") && !isAtEnd() && this.sql.charAt(this.at) == '\'') {
				quoted('\'', true);
			}
			return word;
		}
		if (next == '\'' || next == '"') {
			quoted(next, false);
		}
		else if (next != '$' || !dollarQuoted()) {
			this.at++;
		}
		return String.valueOf(next);
	}

	private void quoted(char quote, boolean escapes) {
		this.at++;
		while (!isAtEnd() && this.sql.charAt(this.at) != quote) {
			this.at += (escapes && this.sql.charAt(this.at) == '\\') ? 2 : 1;
		}
		this.at++; // a doubled quote begins another literal
	}

	private boolean dollarQuoted() {
		int end = this.at + 1;
		while (end < this.sql.length() && this.sql.charAt(end) != '$'
				&& Character.isJavaIdentifierPart(this.sql.charAt(end))) {
			end++;
		}
		if (end >= this.sql.length() || this.sql.charAt(end) != '$') {
			return false;
		}
		String tag = this.sql.substring(this.at, end + 1);
		int close = this.sql.indexOf(tag, end + 1);
		this.at = (close >= 0) ? close + tag.length() : this.sql.length();
		return true;
	}

	/**
	 * Where a text commits.
	 */
	enum Place {

		/**
		 * Nowhere.
		 */
		NONE,

		/**
		 * In its last statement.
		 */
		LAST,

		/**
		 * Before other statements, which may have begun another transaction.
		 */
		FOLLOWED

	}

}
