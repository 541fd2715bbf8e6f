package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * One way to commit a transaction that is open on the server.
 */
@FunctionalInterface
interface CommitMethod {

	CommitOutcome commit(PostgresCommitSession session, Connection physical, CommitRequest request) throws SQLException;

}
