package io.github.resilientdb.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Refuses values of properties, so that Spring Boot says which, from where, and why.
 */
final class PropertyCheck {

	private PropertyCheck() {
	}

	/**
	 * Refuse a value unless it is valid.
	 * @param name the property
	 * @param value its value
	 * @param valid whether it may stay
	 * @param rule what to write instead
	 */
	static void check(String name, @Nullable Object value, boolean valid, String rule) {
		if (!valid) {
			throw refusal(name, value, rule);
		}
	}

	/**
	 * Make what refuses a value: for a rule that is put together only if it is broken.
	 */
	static InvalidConfigurationPropertyValueException refusal(String name, @Nullable Object value, String rule) {
		return new InvalidConfigurationPropertyValueException(name, WrittenValues.of(value), rule);
	}

}
