--liquibase formatted sql
--changeset resilient-db:commit-marker splitStatements:false dbms:postgresql

-- The commit marker of resilient-db: a row per committed transaction, kept for an hour, from
-- which the outcome of a lost COMMIT is learned. PostgreSQL 10 and later. Can be run again.
--
-- psql:      \i this file
-- Flyway:    copy it to db/migration/V<version>__resilientdb_commit_marker.sql
-- Liquibase: copy it to db/changelog and include it; it is a formatted changelog as it is
--
-- Run it in the schema of the application, by the role that owns that schema or the database, or as
-- which the application logs in. Both objects go to the current schema, the first one of the search
-- path, and belong to that role. The function writes with the rights of its owner, for whoever may
-- execute it: let that not be a superuser. A table or a function of that name which another role has
-- made is refused, as is one that was changed: what they call would run with the rights of the owner.
--
-- Rights. Nothing is to be granted if the application logs in as the owner. Otherwise its role needs
--   GRANT SELECT, INSERT, UPDATE, DELETE ON resilientdb_commit_marker TO <role>;
-- The function is called in the transactions of the application, as whatever role these SET. Nobody
-- but its owner may execute it, unless you say so, for the role the application logs in as and for
-- each role that it may SET:
--   GRANT USAGE ON SCHEMA <schema> TO <role>;
--   GRANT EXECUTE ON FUNCTION resilientdb_commit_marker_set(uuid) TO <role>;
--
-- The table belongs to one database cluster. Leave it out of publications (change data capture,
-- logical replication), and don't empty it while applications run.

CREATE TABLE IF NOT EXISTS resilientdb_commit_marker (
	id uuid PRIMARY KEY,
	-- 'C': committed; 'A': committed, with synchronous_commit = remote_apply; 'F': must not commit any more
	status char(1) NOT NULL DEFAULT 'C',
	-- not the start of the transaction, which may be long ago
	at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);

DO $create$
DECLARE
	marker_table regclass := 'resilientdb_commit_marker'::regclass;
	marker_schema name;
	marker_name name;
	marker_owner name;
	problem text;
	path text := pg_catalog.current_setting('search_path');
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog', true);
	SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner)
	INTO marker_schema, marker_name, marker_owner
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE c.oid = marker_table;
	SELECT CASE
		WHEN marker_owner <> current_user THEN 'it belongs to another role'
		WHEN c.relkind <> 'r' OR c.relpersistence <> 'p' OR c.relrowsecurity OR c.relhassubclass THEN 'it is not a plain table'
		WHEN EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid) THEN 'it has triggers'
		WHEN EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid) THEN 'it has rules'
		WHEN EXISTS (SELECT FROM pg_catalog.pg_constraint x WHERE x.conrelid = c.oid AND x.contype NOT IN ('p', 'n'))
			OR EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND NOT i.indisprimary)
			THEN 'it has constraints or indexes of its own'
		WHEN (SELECT pg_catalog.string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
				|| coalesce(' ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), ''), ', ' ORDER BY a.attnum)
			FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
			WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) <>
			'id uuid, status character(1) ''C''::bpchar, at timestamp with time zone clock_timestamp()'
			THEN 'it has other columns'
		WHEN EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = c.relnamespace
			AND p.proname = marker_name || '_set' AND pg_catalog.pg_get_userbyid(p.proowner) <> current_user)
			THEN 'its function belongs to another role'
		END INTO problem
	FROM pg_catalog.pg_class c WHERE c.oid = marker_table;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION 'the table % was not made by this script: %', marker_name, problem
			USING ERRCODE = 'object_not_in_prerequisite_state',
			HINT = 'Run the script as the owner, ' || marker_owner || ', if you trust it; or drop the table and its function first.';
	END IF;
	-- Marks the current transaction, if it has written anything. Called just before COMMIT. Runs
	-- with the rights of its owner, so every name in it is qualified, operators too: setting a
	-- search path instead would cost as much as the row itself.
	EXECUTE format($format$
		CREATE OR REPLACE FUNCTION %1$I.%2$I(marker uuid) RETURNS void
		LANGUAGE plpgsql SECURITY DEFINER AS $function$
		BEGIN
			IF pg_catalog.current_setting('transaction_read_only') OPERATOR(pg_catalog.=) 'off' THEN
				INSERT INTO %1$I.%3$I (id, status)
				SELECT marker, CASE WHEN pg_catalog.current_setting('synchronous_commit')
					OPERATOR(pg_catalog.=) 'remote_apply' THEN 'A' ELSE 'C' END WHERE pg_catalog.txid_current_if_assigned() IS NOT NULL;
			-- A read-only transaction can write to temporary tables, which end with the
			-- connection. But it may also have been made read-only after it had written.
			ELSIF pg_catalog.txid_current_if_assigned() IS NOT NULL AND EXISTS (
					SELECT FROM pg_catalog.pg_locks l
					JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) l.relation
					WHERE l.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()
					AND l.locktype OPERATOR(pg_catalog.=) 'relation'
					AND l.mode OPERATOR(pg_catalog.<>) 'AccessShareLock'
					AND l.mode OPERATOR(pg_catalog.<>) 'RowShareLock'
					AND c.relpersistence OPERATOR(pg_catalog.<>) 't') THEN
				RAISE EXCEPTION 'the transaction was made read-only after it had written'
					USING ERRCODE = 'read_only_sql_transaction',
					HINT = 'Its commit could not be verified. Do not make it read-only.';
			END IF;
		END
		$function$
		$format$, marker_schema, marker_name || '_set', marker_name);
	EXECUTE format('REVOKE ALL ON FUNCTION %1$I.%2$I(uuid) FROM PUBLIC', marker_schema, marker_name || '_set');
	EXECUTE format('COMMENT ON TABLE %1$I.%2$I IS %3$L', marker_schema, marker_name,
		'resilient-db: outcomes of recent transactions');
	PERFORM pg_catalog.set_config('search_path', path, true);
END
$create$;

--rollback DROP FUNCTION resilientdb_commit_marker_set(uuid);
--rollback DROP TABLE resilientdb_commit_marker;
