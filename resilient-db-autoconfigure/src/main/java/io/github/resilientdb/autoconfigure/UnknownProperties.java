package io.github.resilientdb.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * Finds properties under our prefix that nothing reads, most likely mistyped: binding
 * passes them over in silence.
 * <p>
 * Names are compared without hyphens and dots, since an environment variable does not
 * tell which of its underscores stands for what.
 */
final class UnknownProperties {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of(KnownProperties.PREFIX);

	private static final ConfigurationPropertyName DATASOURCES = ConfigurationPropertyName
		.of(KnownProperties.DATASOURCES);

	private final KnownProperties known;

	UnknownProperties(KnownProperties known) {
		this.known = known;
	}

	List<Unknown> find(Environment environment) {
		Map<String, Unknown> unknown = new LinkedHashMap<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream()
					.filter((name) -> PREFIX.isAncestorOf(name) && !isKnown(name))
					.forEach((name) -> unknown.putIfAbsent(squash(name), describe(iterable, name)));
			}
		}
		return new ArrayList<>(unknown.values());
	}

	private boolean isKnown(ConfigurationPropertyName name) {
		return isOneOf(this.known.defaults().keySet(), squash(name)) || isOfDataSource(name);
	}

	// What is below the name of the bean, and all of it
	private boolean isOfDataSource(ConfigurationPropertyName name) {
		return DATASOURCES.isAncestorOf(name)
				&& isOneOf(this.known.ofDataSource(), squash(name.subName(DATASOURCES.getNumberOfElements() + 1)));
	}

	private static boolean isOneOf(Collection<String> known, String squashed) {
		return known.stream().anyMatch((candidate) -> squash(candidate).equals(squashed));
	}

	private Unknown describe(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		Origin origin = Origin.from(source.getConfigurationProperty(name));
		return new Unknown(name.toString(), (origin != null) ? origin.toString() : String.valueOf(source),
				suggestion(name));
	}

	private @Nullable String suggestion(ConfigurationPropertyName name) {
		String nearest = null;
		int least = Integer.MAX_VALUE;
		for (String candidate : candidates(name)) {
			int distance = distance(squash(candidate), squash(name));
			if (distance < least) {
				nearest = candidate;
				least = distance;
			}
		}
		return (least <= Math.max(3, squash(name).length() / 4)) ? nearest : null;
	}

	private List<String> candidates(ConfigurationPropertyName name) {
		List<String> candidates = new ArrayList<>(this.known.defaults().keySet());
		if (name.getNumberOfElements() > 3 && DATASOURCES.isAncestorOf(name)) {
			String prefix = name.chop(3) + ".";
			this.known.ofDataSource().forEach((property) -> candidates.add(prefix + property));
		}
		return candidates;
	}

	private static String squash(ConfigurationPropertyName name) {
		StringBuilder squashed = new StringBuilder();
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			if (!name.isNumericIndex(i)) {
				squashed.append(name.getElement(i, Form.UNIFORM));
			}
		}
		return squash(squashed.toString());
	}

	private static String squash(String name) {
		return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
	}

	// Levenshtein's
	private static int distance(String one, String other) {
		int[] previous = new int[other.length() + 1];
		for (int j = 0; j < previous.length; j++) {
			previous[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int[] current = new int[other.length() + 1];
			current[0] = i;
			for (int j = 1; j < current.length; j++) {
				int replaced = previous[j - 1] + ((one.charAt(i - 1) != other.charAt(j - 1)) ? 1 : 0);
				current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
			}
			previous = current;
		}
		return previous[other.length()];
	}

	/**
	 * A property that nothing reads.
	 *
	 * @param name its name
	 * @param origin where it is set
	 * @param suggestion the known name that is nearest, {@code null} if none is near
	 */
	record Unknown(String name, String origin, @Nullable String suggestion) {

	}

}
