package io.github.resilientdb.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the settings of commits, early, as those of the pools.
 */
final class CommitPropertiesReader {

	private static final String COMMIT = "resilientdb.commit";

	private static final String ROLLBACK_ON_COMMIT_FAILURE = "spring.transaction.rollback-on-commit-failure";

	static final String WHY_NO_ROLLBACK = "Spring would report a rollback where nobody knows whether a lost COMMIT "
			+ "succeeded.";

	private static final Duration LONGEST = Duration.ofMinutes(10);

	private CommitPropertiesReader() {
	}

	static CommitProperties read(PropertyGroups groups) {
		CommitProperties properties = groups.read(COMMIT, CommitProperties.DEFAULTS);
		@Nullable Duration timeout = properties.timeout();
		if (timeout != null && (timeout.toMillis() <= 0 || timeout.compareTo(LONGEST) > 0)) {
			throw PropertyCheck.refusal(COMMIT + ".timeout", timeout,
					"Must be a positive duration of at most %s, such as 10s.".formatted(WrittenValues.of(LONGEST)));
		}
		PropertyCheck.check(COMMIT + ".marker.table", properties.marker().table(), isName(properties.marker().table()),
				"Must be the name of a table, such as resilientdb_commit_marker.");
		String schema = properties.marker().schema();
		PropertyCheck.check(COMMIT + ".marker.schema", schema, schema == null || isName(schema),
				"Must be the name of a schema, such as public.");
		boolean falsified = groups.binder().bind(ROLLBACK_ON_COMMIT_FAILURE, Boolean.class).orElse(false);
		PropertyCheck.check(ROLLBACK_ON_COMMIT_FAILURE, falsified, !falsified,
				WHY_NO_ROLLBACK + " Remove it, or set it to false.");
		return properties;
	}

	// leaves room for a suffix within PostgreSQL's 63 bytes
	private static boolean isName(String name) {
		return !name.isBlank() && name.length() <= 48;
	}

}
