package io.github.resilientdb.test.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;
import org.jspecify.annotations.Nullable;

/**
 * Reads schema and rows on a connection of its own, past pools and proxies.
 */
public final class SnapshotReader {

	private static final String COLUMNS = """
			select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname,
			       a.attname, format_type(a.atttypid, null),
			       coalesce(a.attnum = any (i.indkey::int2[]), false),
			       case when a.attidentity <> '' then 'identity' else pg_get_expr(d.adbin, d.adrelid) end
			from pg_class c
			join pg_namespace n on n.oid = c.relnamespace
			join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
			left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
			left join pg_index i on i.indrelid = c.oid and i.indisprimary
			where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
			and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
			order by 1, a.attnum""";

	private static final String REFERENCES = """
			select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname || '.' || a.attname,
			       case rn.nspname when 'public' then '' else rn.nspname || '.' end || rc.relname || '.' || ra.attname
			from pg_constraint f
			cross join unnest(f.conkey, f.confkey) as k (own, other)
			join pg_class c on c.oid = f.conrelid
			join pg_namespace n on n.oid = c.relnamespace
			join pg_attribute a on a.attrelid = c.oid and a.attnum = k.own
			join pg_class rc on rc.oid = f.confrelid
			join pg_namespace rn on rn.oid = rc.relnamespace
			join pg_attribute ra on ra.attrelid = rc.oid and ra.attnum = k.other
			where f.contype = 'f' order by 1, 2""";

	/**
	 * What the kit's own connections are called.
	 */
	public static final String NAME = "disconnect-test";

	private final Connection connection;

	SnapshotReader(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Read which tables there are.
	 */
	public Schema schema() throws SQLException {
		Map<String, List<Column>> columns = new TreeMap<>();
		Map<String, String> references = new HashMap<>();
		try (Statement statement = this.connection.createStatement()) {
			try (ResultSet rows = statement.executeQuery(COLUMNS)) {
				while (rows.next()) {
					Column column = new Column(rows.getString(1), rows.getString(2), rows.getString(3),
							rows.getBoolean(4), rows.getString(5));
					columns.computeIfAbsent(column.table(), (table) -> new ArrayList<>()).add(column);
				}
			}
			try (ResultSet rows = statement.executeQuery(REFERENCES)) {
				while (rows.next()) {
					if (!rows.getString(1).equals(rows.getString(2))) {
						references.putIfAbsent(rows.getString(1), rows.getString(2));
					}
				}
			}
		}
		List<Table> all = new ArrayList<>();
		columns.forEach((name, own) -> all.add(new Table(name, own)));
		return new Schema(all, references);
	}

	/**
	 * Make the keys that are generated next different from others.
	 * @param run the number of the run that will use them
	 * @param source the number of the data source among those of the run
	 */
	public void separateKeys(int run, int source) throws SQLException {
		Sequences.advance(this.connection, run, source);
	}

	/**
	 * Read the committed rows.
	 * @param schema the tables
	 * @param since when the run began
	 */
	public Snapshot read(Schema schema, Instant since) throws SQLException {
		Map<String, List<List<@Nullable String>>> rows = new HashMap<>();
		try (Statement statement = this.connection.createStatement()) {
			for (Table table : schema.tables()) {
				rows.put(table.name(), rows(statement, table));
			}
		}
		return new Snapshot(rows, new Moments(since, Instant.now()));
	}

	private static List<List<@Nullable String>> rows(Statement statement, Table table) throws SQLException {
		List<List<@Nullable String>> rows = new ArrayList<>();
		try (ResultSet result = statement.executeQuery(select(table))) {
			while (result.next()) {
				List<@Nullable String> row = new ArrayList<>();
				for (int i = 1; i <= table.columns().size(); i++) {
					row.add(result.getString(i));
				}
				rows.add(row);
			}
		}
		return rows;
	}

	private static String select(Table table) {
		List<String> columns = table.columns().stream().map((column) -> quote(column.name()) + "::text").toList();
		int dot = table.name().indexOf('.');
		String name = (dot < 0) ? "public." + quote(table.name())
				: quote(table.name().substring(0, dot)) + "." + quote(table.name().substring(dot + 1));
		return "select " + String.join(", ", columns) + " from " + name;
	}

	private static String quote(String name) {
		return '"' + name.replace("\"", "\"\"") + '"';
	}

	/**
	 * Return how many sessions of the database are inside a transaction and idle.
	 */
	public int openTransactions() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet count = statement.executeQuery("select count(*) from pg_stat_activity"
						+ " where datname = current_database() and pid <> pg_backend_pid()"
						+ " and state like 'idle in transaction%'")) {
			count.next();
			return count.getInt(1);
		}
	}

	/**
	 * End the sessions that have been inside a transaction and idle for seconds.
	 */
	public void endOpenTransactions() throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("select pg_terminate_backend(pid, 10000) from pg_stat_activity"
					+ " where datname = current_database() and pid <> pg_backend_pid()"
					+ " and state like 'idle in transaction%' and state_change < now() - interval '4 seconds'");
		}
	}

	/**
	 * End all other sessions of the database, and wait until they have ended.
	 * @return how many there were
	 */
	public int endSessions() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet count = statement.executeQuery(
						"select count(*) filter (where pg_terminate_backend(pid, 10000)) from pg_stat_activity"
								+ " where datname = current_database() and application_name <> '" + NAME + "'"
								+ " and backend_type = 'client backend'")) {
			count.next();
			return count.getInt(1);
		}
	}

}
