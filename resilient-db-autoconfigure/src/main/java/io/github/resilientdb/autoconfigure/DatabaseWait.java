package io.github.resilientdb.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.pool.HikariTakeover;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Waits for a database that starts together with the application, before migrations and
 * whatever else uses it. Who can do without the database goes on without it afterwards;
 * who can't reports why.
 */
final class DatabaseWait {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseWait.class);

	private static final String PROPERTY = "resilientdb.startup.wait-for-database";

	private static final Duration LONGEST = Duration.ofDays(1);

	private final Duration atMost;

	private DatabaseWait(Duration atMost) {
		this.atMost = atMost;
	}

	static DatabaseWait configuredBy(Binder binder) {
		Duration atMost = binder.bindOrCreate("resilientdb.startup", StartupProperties.class).waitForDatabase();
		if (atMost.isNegative() || atMost.compareTo(LONGEST) > 0) {
			throw new InvalidConfigurationPropertyValueException(PROPERTY, atMost,
					"Must be a duration of at most a day, such as 30s, or 0s: don't wait.");
		}
		return new DatabaseWait(atMost);
	}

	void await(String beanName, HikariDataSource pool) {
		if (this.atMost.isZero()) {
			return;
		}
		try {
			HikariTakeover.awaitDatabase(pool, this.atMost);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (SQLException ex) {
			logger.atWarn()
				.addKeyValue("bean", beanName)
				.log("Starting without the database of DataSource '{}' ({} is {} ms): {}", beanName, PROPERTY,
						this.atMost.toMillis(), ex.getMessage());
		}
	}

}
