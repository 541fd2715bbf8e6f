package io.github.resilientdb.autoconfigure;

import java.util.Map;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Refuses durations without a unit, which Spring Boot takes for milliseconds: whoever
 * writes {@code deadline: 10} means seconds.
 */
final class DurationUnits {

	private static final Pattern BARE_NUMBER = Pattern.compile("[+-]?\\d+");

	private DurationUnits() {
	}

	/**
	 * Check all durations of ours.
	 * @param groups reads the properties
	 * @throws InvalidConfigurationPropertyValueException if one has no unit
	 */
	static void check(PropertyGroups groups) {
		if (!groups.isSet(KnownProperties.PREFIX)) {
			return;
		}
		Binder binder = groups.binder();
		KnownProperties known = KnownProperties.ALL;
		for (String name : known.durations()) {
			check(binder, ConfigurationPropertyName.of(name));
		}
		Map<String, Object> datasources = binder
			.bind(KnownProperties.DATASOURCES, Bindable.mapOf(String.class, Object.class))
			.orElse(Map.of());
		for (String bean : datasources.keySet()) {
			for (String name : known.durationsOfDataSource()) {
				check(binder, KnownProperties.ofDataSource(bean).append(name));
			}
		}
	}

	private static void check(Binder binder, ConfigurationPropertyName name) {
		binder.bind(name, Bindable.of(String.class)).ifBound((value) -> {
			if (BARE_NUMBER.matcher(value.trim()).matches()) {
				throw new InvalidConfigurationPropertyValueException(name.toString(), value,
						"Must have a unit: did you mean %ss?".formatted(value.trim()));
			}
		});
	}

}
