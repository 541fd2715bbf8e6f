package io.github.resilientdb.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.CommitProtocols;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;

/**
 * A pool that was taken over and never connects.
 */
final class FakePool extends HikariDataSource implements ConnectionPool {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final List<String> invalidated = new ArrayList<>();

	GuardedPool as(String beanName) {
		CommitSettings commits = CommitSettings.of(VerificationMode.NONE, SECOND, true);
		return new GuardedPool(
				beanName, this, new PoolSettings(1, null, null, PrePing.ALWAYS, SECOND, SECOND, PoolMode.POOLED,
						ResetOnReturn.ROLLBACK, RequirePrimary.AUTO, false, null),
				commits, CommitProtocols.create(commits, (deadline) -> {
					throw new SQLException("never connects");
				}, CommitListener.NONE));
	}

	/**
	 * The reasons for which its connections were given up.
	 */
	List<String> invalidated() {
		return this.invalidated;
	}

	@Override
	public String getName() {
		return "fake";
	}

	@Override
	public int invalidate(String reason) {
		this.invalidated.add(reason);
		return 0;
	}

	@Override
	public Connection detach(Connection connection) {
		return connection;
	}

}
