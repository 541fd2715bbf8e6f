package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitSession.CommitRequest;

/**
 * One way to commit a transaction that is open on the server.
 */
@FunctionalInterface
interface CommitMethod {

	CommitOutcome commit(PostgresCommitSession session, Connection physical, CommitRequest request) throws SQLException;

}
