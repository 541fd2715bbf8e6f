package io.github.resilientdb.test.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Makes the keys that sequences give to a run others than those of the run before, than
 * each other, in all databases, and than small numbers. Otherwise, where {@code given}
 * lets sequences start again, a key looks like a constant, and a count like a key.
 */
final class Sequences {

	private static final int VARIANTS = 50;

	/**
	 * Sequences only go forward: what lies behind may be in use. Those that have used up
	 * half of their numbers stay where they are, and so do those that count in a circle
	 * or downwards, that belong to an extension, or that this user must not set. Nothing
	 * waits for the disk, or for a standby.
	 */
	private static final String ADVANCE = """
			with this as (select ?::int as run, ?::int as source),
			sequences as (
			  select s.seqrelid as id, s.seqmax / 2 as half, row_number() over (order by n.nspname, c.relname) as number
			  from pg_catalog.pg_sequence s
			  join pg_catalog.pg_class c on c.oid = s.seqrelid
			  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
			  where s.seqincrement > 0 and not s.seqcycle and c.relpersistence <> 't' and n.nspname !~ '^pg_'
			  and current_setting('transaction_read_only') = 'off'
			  and not exists (select from pg_catalog.pg_depend d
			    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
			  and case when has_schema_privilege(n.oid, 'usage') and has_sequence_privilege(c.oid, 'update')
			    and has_sequence_privilege(c.oid, 'usage')
			    then coalesce(pg_sequence_last_value(c.oid), s.seqstart) < s.seqmax / 2 else false end),
			current as (select id, half, number, nextval(id::regclass) as value from sequences)
			select count(setval(id::regclass, greatest(value,
			  least(half - 60 + run, greatest(value + 1 + 2 * run, 1013 * number + 89 * run + 37 * source))))),
			  set_config('synchronous_commit', 'off', true)
			from current, this""";

	private Sequences() {
	}

	/**
	 * Advance all sequences of a database. The driver keeps the statement prepared.
	 * @param connection connects to it
	 * @param run the number of the run that will use them
	 * @param source the number of the database among those of the run
	 */
	static void advance(Connection connection, int run, int source) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
			statement.setInt(1, run % VARIANTS);
			statement.setInt(2, source);
			statement.execute();
		}
	}

}
