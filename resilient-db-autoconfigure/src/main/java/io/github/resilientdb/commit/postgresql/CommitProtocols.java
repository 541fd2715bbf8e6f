package io.github.resilientdb.commit.postgresql;

import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationConnections;

/**
 * Creates commit protocols.
 */
public final class CommitProtocols {

	private CommitProtocols() {
	}

	/**
	 * Create the protocol of one pool. Nothing is asked of the database yet.
	 * @param settings how to commit
	 * @param connections where to ask for outcomes
	 * @param listener receives them
	 * @return the protocol
	 */
	public static CommitProtocol create(CommitSettings settings, VerificationConnections connections,
			CommitListener listener) {
		return new CommitProtocol(settings, connections, listener,
				(gate, choose) -> new PostgresCommitDialect(settings, gate, listener, choose));
	}

}
