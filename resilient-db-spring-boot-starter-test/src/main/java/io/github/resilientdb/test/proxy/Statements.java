package io.github.resilientdb.test.proxy;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which statements a fault waits for.
 */
public final class Statements {

	private static final Pattern COMMIT = Pattern.compile(
			"(^|;)\\s*(COMMIT|END)(\\s+(WORK|TRANSACTION))?(\\s+AND\\s+(NO\\s+)?CHAIN)?\\s*(;|$)",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|--[^\\n]*", Pattern.DOTALL);

	private Statements() {
	}

	/**
	 * Any COMMIT of a transaction, alone or at the end of several statements.
	 * @return the predicate over SQL
	 */
	public static Predicate<String> commit() {
		return (sql) -> COMMIT.matcher(COMMENT.matcher(sql).replaceAll(" ")).find();
	}

	/**
	 * Statements that contain a text, upper or lower case.
	 * @param text the text
	 * @return the predicate over SQL
	 */
	public static Predicate<String> containing(String text) {
		String lowerCase = text.toLowerCase(Locale.ROOT);
		return (sql) -> sql.toLowerCase(Locale.ROOT).contains(lowerCase);
	}

	/**
	 * All statements.
	 * @return the predicate over SQL
	 */
	public static Predicate<String> any() {
		return (sql) -> true;
	}

}
