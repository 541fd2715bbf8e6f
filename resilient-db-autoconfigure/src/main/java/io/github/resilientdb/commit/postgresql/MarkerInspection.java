package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.MarkerTable;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the marker table and its function exist, are those of the script, and may
 * be used. The function is called in the transactions of the application, so whoever
 * could change it would act with the application's rights.
 */
final class MarkerInspection {

	private static final String[] TABLE_RIGHTS = { "SELECT", "INSERT", "UPDATE", "DELETE" };

	private static final String WITHOUT_LAYOUT = "pg_catalog.regexp_replace(pg_catalog.regexp_replace(%s, "
			+ "'--[^\\n]*', '', 'g'), '\\s+', '', 'g')";

	/**
	 * What is wrong with a table. Its owner is trusted if it is the role that asks, or
	 * one that could change anything of that role's anyway.
	 */
	private static final String PROBLEM = """
			SELECT CASE
			WHEN o.oid <> (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) AND NOT o.rolsuper
				AND o.oid <> n.nspowner AND o.oid <> (SELECT d.datdba FROM pg_catalog.pg_database d
					WHERE d.datname = pg_catalog.current_database())
				AND (NOT pg_catalog.pg_has_role(o.oid, 'MEMBER') OR (SELECT r.rolsuper FROM pg_catalog.pg_roles r
					WHERE r.rolname = current_user))
				THEN 'belongs to the role "' || o.rolname || '", which owns neither its schema nor the database'
			WHEN c.relkind <> 'r' OR c.relrowsecurity THEN 'is not a plain table'
			WHEN EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid) THEN 'has triggers'
			WHEN EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid) THEN 'has rules'
			WHEN p.oid IS NOT NULL AND p.proowner <> c.relowner THEN 'and its function have different owners'
			WHEN p.oid IS NOT NULL AND (NOT p.prosecdef OR p.proconfig IS NOT NULL OR p.prolang <>
				(SELECT l.oid FROM pg_catalog.pg_language l WHERE l.lanname = 'plpgsql') OR %s <> %s)
				THEN 'has a function that the script did not make'
			END
			FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
			LEFT JOIN pg_catalog.pg_proc p ON p.oid = pg_catalog.to_regprocedure(?)
			WHERE c.oid = pg_catalog.to_regclass(?)""".formatted(WITHOUT_LAYOUT.formatted("p.prosrc"),
			WITHOUT_LAYOUT.formatted("pg_catalog.format(?, n.nspname, c.relname || '_set', c.relname)"));

	private final Connection connection;

	private final CommitSettings settings;

	MarkerInspection(Connection connection, CommitSettings settings) {
		this.connection = connection;
		this.settings = settings;
	}

	Result result() throws SQLException {
		String asked = asked(this.settings);
		String found = value("""
				SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
				WHERE c.oid = pg_catalog.to_regclass(?) AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'""",
				asked);
		if (found == null) {
			String where = (this.settings.markerSchema() != null) ? "" : " in the search path";
			return Result.missing("there is no marker table %s%s".formatted(asked, where), MarkerDdl.text(asked));
		}
		MarkerTable table = new MarkerTable(found, this.settings.markerTable());
		String problem = value(PROBLEM, MarkerDdl.functionSource(), function(table), table.qualifiedName());
		if (problem != null) {
			return new Result(null, "the table %s %s".formatted(table.qualifiedName(), problem),
					"Find out who created it. Drop the table and its function, and create them with the script as the owner "
							+ "of the schema; or, if only the owner is wrong, change the owner of both.",
					true);
		}
		return rights(table);
	}

	/**
	 * The name of the table that is looked for, quoted, with its schema if there is one.
	 */
	static String asked(CommitSettings settings) {
		String name = MarkerTable.quote(settings.markerTable());
		return (settings.markerSchema() != null) ? MarkerTable.quote(settings.markerSchema()) + "." + name : name;
	}

	private static String function(MarkerTable table) {
		return table.qualifiedFunction() + "(uuid)";
	}

	private Result rights(MarkerTable table) throws SQLException {
		if (!isTrue("SELECT pg_catalog.has_schema_privilege(?, 'USAGE')::text", table.schema())) {
			return missingRight("USAGE", "SCHEMA " + MarkerTable.quote(table.schema()));
		}
		for (String right : TABLE_RIGHTS) {
			if (!isTrue("SELECT pg_catalog.has_table_privilege(?, ?)::text", table.qualifiedName(), right)) {
				return missingRight(right, "TABLE " + table.qualifiedName());
			}
		}
		String function = function(table);
		if (value("SELECT pg_catalog.to_regprocedure(?)::text", function) == null) {
			return Result.missing("there is no function %s".formatted(function), MarkerDdl.text(table.qualifiedName()));
		}
		if (!isTrue("SELECT pg_catalog.has_function_privilege(?, 'EXECUTE')::text", function)) {
			return missingRight("EXECUTE", "FUNCTION " + function);
		}
		return Result.of(table);
	}

	private Result missingRight(String right, String object) throws SQLException {
		String role = MarkerTable.quote(String.valueOf(value("SELECT current_user::text")));
		return Result.missing("the role %s has no right to %s on %s".formatted(role, right, object),
				"GRANT %s ON %s TO %s;".formatted(right, object, role));
	}

	private boolean isTrue(String sql, String... parameters) throws SQLException {
		return "true".equals(value(sql, parameters));
	}

	private @Nullable String value(String sql, String... parameters) throws SQLException {
		return PostgresVerificationChooser.value(this.connection, sql, parameters);
	}

	/**
	 * What was found.
	 *
	 * @param table the table, if it may be used
	 * @param missing why not
	 * @param remedy what helps
	 * @param suspicious whether it is there, and not to be trusted
	 */
	record Result(@Nullable MarkerTable table, String missing, String remedy, boolean suspicious) {

		static Result of(MarkerTable table) {
			return new Result(table, "", "", false);
		}

		static Result missing(String what, String remedy) {
			return new Result(null, what, remedy, false);
		}

	}

}
