package io.github.resilientdb.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;

import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.autoconfigure.database.UnavailableDatabase;
import io.github.resilientdb.autoconfigure.database.WaitProgress;
import io.github.resilientdb.pool.HikariTakeover;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a database that starts together with the application, before migrations and
 * whatever else uses it. Who can do without the database goes on without it afterwards;
 * who can't reports why.
 */
final class DatabaseWait {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseWait.class);

	private static final String PREFIX = "resilientdb.startup";

	private static final String PROPERTY = PREFIX + ".wait-for-database";

	private static final Duration LONGEST = Duration.ofDays(1);

	private final Duration atMost;

	private DatabaseWait(Duration atMost) {
		this.atMost = atMost;
	}

	static DatabaseWait configuredBy(PropertyGroups groups) {
		Duration atMost = groups.read(PREFIX, StartupProperties.DEFAULTS).waitForDatabase();
		if (atMost.isNegative() || atMost.compareTo(LONGEST) > 0) {
			throw PropertyCheck.refusal(PROPERTY, atMost,
					"Must be a duration of at most %s, such as 30s; 0s doesn't wait."
						.formatted(WrittenValues.of(LONGEST)));
		}
		return new DatabaseWait(atMost);
	}

	static boolean isConfiguredBy(PropertyGroups groups) {
		return !groups.read(PREFIX, StartupProperties.DEFAULTS).waitForDatabase().isZero();
	}

	void await(GuardedPool pool) {
		if (this.atMost.isZero()) {
			return;
		}
		try (WaitProgress progress = new WaitProgress(pool.beanName(), pool.address(), WrittenValues.of(this.atMost),
				() -> reason(pool))) {
			progress.begin();
			HikariTakeover.awaitDatabase(pool.dataSource(), this.atMost);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (SQLException ex) {
			warn(pool, ex);
		}
	}

	private static String reason(GuardedPool pool) {
		return pool.unavailable().map(UnavailableDatabase::reason).orElse("no answer yet");
	}

	private void warn(GuardedPool pool, SQLException failure) {
		UnavailableDatabase database = pool.unavailable(HikariTakeover.failedConnect(pool.dataSource(), failure));
		logger.atWarn()
			.addKeyValue("bean", pool.beanName())
			.log("Starting without the database ({} is {}). {}", PROPERTY, WrittenValues.of(this.atMost),
					database.inOneLine());
	}

}
