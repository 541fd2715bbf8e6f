package io.github.resilientdb.commit;

/**
 * The marker table and the function that writes to it, by their qualified names: the
 * user's search path does not matter.
 *
 * @param schema the schema, unquoted
 * @param name the name, unquoted
 */
public record MarkerTable(String schema, String name) {

	/**
	 * The name of the function is that of the table with this suffix.
	 */
	static final String FUNCTION_SUFFIX = "_set";

	/**
	 * The status of a transaction that must not commit any more.
	 */
	public static final String TOMBSTONE = "F";

	/**
	 * The status of a transaction whose COMMIT waits until standbys have applied it. Any
	 * other is committed as usual.
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
