package io.github.resilientdb.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.core.env.Environment;

/**
 * Tells which properties there are below a name that was given a value of its own, as in
 * {@code resilientdb.watchdog=false}; Spring Boot names the types that it has no
 * converter for, and neither the property nor its value.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ValueOfGroupFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final List<String> SWITCH = List.of("true", "false", "on", "off", "yes", "no");

	private final Environment environment;

	ValueOfGroupFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationPropertyName name = cause.getName();
		Map<String, String> members = members(name);
		String origin = PropertyOrigins.find(this.environment, name);
		if (!(cause.getCause() instanceof ConverterNotFoundException) || members.isEmpty() || origin == null) {
			return null;
		}
		String value = this.environment.getProperty(name.toString(), "");
		String description = """
				Invalid value '%s' for configuration property '%s' (originating from '%s'):

				    Reason: %s is a group of properties, and has no value of its own""".formatted(value, name, origin,
				name);
		return new FailureAnalysis(description, action(value, members), cause);
	}

	private static String action(String value, Map<String, String> members) {
		String toggle = members.get("enabled");
		if (toggle != null && SWITCH.contains(value.trim().toLowerCase(Locale.ROOT))) {
			return "Did you mean %s: %s?".formatted(toggle, value.trim());
		}
		return "Write one of these instead: %s.".formatted(String.join(", ", members.values()));
	}

	// Full names by what is below that of the group
	private static Map<String, String> members(ConfigurationPropertyName group) {
		KnownProperties known = KnownProperties.ALL;
		Map<String, String> members = new TreeMap<>();
		for (String property : known.defaults().keySet()) {
			ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
			if (group.isAncestorOf(name)) {
				members.put(name.subName(group.getNumberOfElements()).toString(), property);
			}
		}
		ConfigurationPropertyName datasources = ConfigurationPropertyName.of(KnownProperties.DATASOURCES);
		if (datasources.equals(group)) {
			known.ofDataSource().forEach((property) -> members.put(property, group + ".<bean>." + property));
		}
		else if (datasources.isParentOf(group)) {
			known.ofDataSource().forEach((property) -> members.put(property, group + "." + property));
		}
		return members;
	}

}
