package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.github.resilientdb.retry.Backoff;
import io.github.resilientdb.retry.RetrySettings;
import io.github.resilientdb.retry.method.RetryableMethodPatterns;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Makes the settings from the properties, naming the property that breaks a rule.
 */
final class PropertiesRetrySettings {

	private static final String PREFIX = "resilientdb.retry.";

	private static final String METHODS = PREFIX + "methods";

	private static final Duration DEFAULT_INITIAL = Duration.ofMillis(50);

	private final RetryProperties properties;

	PropertiesRetrySettings(PropertyGroups groups) {
		this.properties = groups.read("resilientdb.retry", RetryProperties.DEFAULTS);
	}

	RetryProperties properties() {
		return this.properties;
	}

	RetrySettings get() {
		int maxAttempts = this.properties.maxAttempts();
		check(maxAttempts > 0, "max-attempts", maxAttempts,
				"Must be positive: it counts the first attempt too, so 1 means that nothing is rerun.");
		positive(this.properties.deadline(), "deadline", "10s");
		methods();
		return new RetrySettings(maxAttempts, this.properties.deadline(), backoff(this.properties.backoff()),
				this.properties.reasons(), budget(this.properties.budget()));
	}

	RetryableMethodPatterns methods() {
		List<String> patterns = this.properties.methods();
		try {
			return RetryableMethodPatterns.of(patterns);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(METHODS, patterns, ex.getMessage());
		}
	}

	private static Backoff backoff(RetryProperties.Backoff backoff) {
		positive(backoff.initial(), "backoff.initial", "50ms");
		check(backoff.multiplier() >= 1 && backoff.multiplier() <= 1000, "backoff.multiplier", backoff.multiplier(),
				"Must be from 1 to 1000, for example 2.");
		positive(backoff.max(), "backoff.max", "2s");
		checkOrder(backoff.initial(), backoff.max());
		return new Backoff(backoff.initial(), backoff.multiplier(), backoff.max());
	}

	// What is complained of must be set: the other one may be the default
	private static void checkOrder(Duration initial, Duration max) {
		if (initial.compareTo(max) <= 0) {
			return;
		}
		if (initial.equals(DEFAULT_INITIAL)) {
			throw PropertyCheck.refusal(PREFIX + "backoff.max", max,
					"Must not be less than '%sbackoff.initial' (%s), for example 2s.".formatted(PREFIX,
							WrittenValues.of(initial)));
		}
		throw PropertyCheck.refusal(PREFIX + "backoff.initial", initial,
				"Must not be more than '%sbackoff.max' (%s), for example 50ms.".formatted(PREFIX,
						WrittenValues.of(max)));
	}

	private static RetrySettings.Budget budget(RetryProperties.Budget budget) {
		check(budget.ratio() >= 0 && budget.ratio() <= 1000, "budget.ratio", budget.ratio(),
				"Must be from 0 to 1000, for example 0.2 for one rerun per five transactions.");
		check(budget.burst() >= 0, "budget.burst", budget.burst(), "Must not be negative, for example 50.");
		return new RetrySettings.Budget(budget.ratio(), budget.burst());
	}

	private static void positive(Duration value, String name, String example) {
		check(!value.isZero() && !value.isNegative(), name, value, "Must be positive, for example " + example + ".");
	}

	private static void check(boolean valid, String name, Object value, String rule) {
		PropertyCheck.check(PREFIX + name, value, valid, rule);
	}

}
