--liquibase formatted sql
--changeset resilient-db:commit-marker splitStatements:false dbms:postgresql

-- The commit marker of resilient-db: a row per committed transaction, kept for an hour, from
-- which the outcome of a lost COMMIT is learned. PostgreSQL 10 and later. Can be run again.
--
-- psql:      \i this file
-- Flyway:    copy it to db/migration/V<version>__resilientdb_commit_marker.sql
-- Liquibase: copy it to db/changelog and include it; it is a formatted changelog as it is
--
-- Run it in the schema of the application, by the role that owns it. Both objects go to the
-- current schema, the first one of the search path.
--
-- Rights. Nothing is to be granted if the application logs in as the owner. Otherwise its role needs
--   GRANT SELECT, INSERT, UPDATE, DELETE ON resilientdb_commit_marker TO <role>;
-- The function is called in the transactions of the application, as whatever role these SET, and
-- writes as its owner. Everybody may execute it, unless that is revoked, and has to be able to find it:
--   GRANT USAGE ON SCHEMA <schema> TO <role>;   -- for each role the application may SET
--
-- The table belongs to one database cluster. Leave it out of publications (change data capture,
-- logical replication), and don't empty it while applications run.

CREATE TABLE IF NOT EXISTS resilientdb_commit_marker (
	id uuid PRIMARY KEY,
	-- 'C': committed; 'F': must not commit any more
	status char(1) NOT NULL DEFAULT 'C',
	-- not the start of the transaction, which may be long ago
	at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);

DO $create$
DECLARE
	marker_table regclass := 'resilientdb_commit_marker'::regclass;
	marker_schema name;
	marker_name name;
BEGIN
	SELECT n.nspname, c.relname INTO marker_schema, marker_name
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE c.oid = marker_table;
	-- Marks the current transaction, if it has written anything. Called just before COMMIT. Runs
	-- with the rights of its owner, so every name in it is qualified, operators too: setting a
	-- search path instead would cost as much as the row itself.
	EXECUTE format($format$
		CREATE OR REPLACE FUNCTION %1$I.%2$I(marker uuid) RETURNS void
		LANGUAGE plpgsql SECURITY DEFINER AS $function$
		BEGIN
			IF pg_catalog.current_setting('transaction_read_only') OPERATOR(pg_catalog.=) 'off' THEN
				INSERT INTO %1$I.%3$I (id)
				SELECT marker WHERE pg_catalog.txid_current_if_assigned() IS NOT NULL;
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
	EXECUTE format('COMMENT ON TABLE %1$I.%2$I IS %3$L', marker_schema, marker_name,
		'resilient-db: outcomes of recent transactions');
END
$create$;

--rollback DROP FUNCTION resilientdb_commit_marker_set(uuid);
--rollback DROP TABLE resilientdb_commit_marker;
