package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.pool.connect.NetworkTimeout;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.guard.PoolGuard;

/**
 * Opens connections beside the pool.
 *
 * @param pool the pool
 */
record DirectConnections(PoolGuard pool) implements VerificationConnections {

	@Override
	public Connection open(long deadline) throws SQLException {
		Physical physical = this.pool.connect(deadline);
		if (physical.wire() != null) {
			physical.wire().deadline(deadline);
		}
		else {
			NetworkTimeout.until(physical.connection(), deadline);
		}
		return physical.connection();
	}

}
