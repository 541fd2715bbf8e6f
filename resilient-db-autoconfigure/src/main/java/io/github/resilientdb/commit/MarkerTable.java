package io.github.resilientdb.commit;

/**
 * The marker table and the function that writes to it, by their qualified names: no
 * search path of the user has any say.
 *
 * @param schema the schema, unquoted
 * @param name the name, unquoted
 */
public record MarkerTable(String schema, String name) {

	/**
	 * The function is called as the table with this suffix.
	 */
	static final String FUNCTION_SUFFIX = "_set";

	/**
	 * The status of what must not commit any more.
	 */
	public static final String TOMBSTONE = "F";

	/**
	 * The status of what was committed after standbys had applied it. All others were
	 * committed as usual.
	 */
	public static final String APPLIED = "A";

	public String qualifiedName() {
		return quote(this.schema) + "." + quote(this.name);
	}

	public String qualifiedFunction() {
		return quote(this.schema) + "." + quote(this.name + FUNCTION_SUFFIX);
	}

	public String markAndCommit() {
		return "SELECT " + qualifiedFunction() + "(?); COMMIT";
	}

	public static String quote(String identifier) {
		return '"' + identifier.replace("\"", "\"\"") + '"';
	}

}
