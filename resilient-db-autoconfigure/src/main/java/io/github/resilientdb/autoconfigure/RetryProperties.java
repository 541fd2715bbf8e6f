package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.github.resilientdb.retry.RetryReason;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;

/**
 * What is rerun, how often and how long.
 *
 * @param maxAttempts Total number of attempts, the first included. Waiting for a
 * connection is not an attempt.
 * @param deadline Time for the whole call: waiting for connections, attempts, back-off
 * and finding the outcome of a lost COMMIT.
 * @param backoff Waits between attempts.
 * @param reasons What is rerun.
 * @param methods Further transactional methods that are rerun as if annotated: patterns
 * such as com.example.OwnerRepository.save or com.example.*Repository.*, or * for all
 * that begin a transaction.
 * @param budget Limit of second and later reruns. The first rerun of a call is free.
 * @param jta Whether a JTA transaction manager may be used for retryable transactions.
 * What became of a lost COMMIT can't be found out there.
 */
@Lazy
@ConfigurationProperties("resilientdb.retry")
// @formatter:off
record RetryProperties(@DefaultValue("5") int maxAttempts, @DefaultValue("10s") Duration deadline,
		@DefaultValue Backoff backoff,
		@DefaultValue({ "disconnect", "serialization-failure", "deadlock" }) Set<RetryReason> reasons,
		@DefaultValue List<String> methods, @DefaultValue Budget budget, @DefaultValue("false") boolean jta) {
// @formatter:on

	// As annotated
	static final RetryProperties DEFAULTS = new RetryProperties(5, Duration.ofSeconds(10),
			new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(2)), Set.of(RetryReason.values()), List.of(),
			new Budget(0.2, 50), false);

	/**
	 * Waits between attempts.
	 *
	 * @param initial Longest first wait. Every wait is random, from nothing to its
	 * longest.
	 * @param multiplier Factor by which the longest wait grows from one to the next.
	 * @param max Longest wait of all.
	 */
	record Backoff(@DefaultValue("50ms") Duration initial, @DefaultValue("2") double multiplier,
			@DefaultValue("2s") Duration max) {

	}

	/**
	 * Limit of second and later reruns.
	 *
	 * @param ratio Number of second and later reruns that each transaction adds.
	 * @param burst Number of second and later reruns that can be saved up, at least the
	 * size of the pool.
	 */
	record Budget(@DefaultValue("0.2") double ratio, @DefaultValue("50") int burst) {

	}

}
