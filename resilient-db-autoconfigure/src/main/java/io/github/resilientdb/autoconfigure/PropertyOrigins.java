package io.github.resilientdb.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * Tells where properties are set.
 */
final class PropertyOrigins {

	private PropertyOrigins() {
	}

	static @Nullable String find(Environment environment, String property) {
		return find(environment, ConfigurationPropertyName.of(property));
	}

	/**
	 * Find where a property, or the first element of a list, is set.
	 * @param environment where to look
	 * @param property the name of the property
	 * @return the file and line, or the source; {@code null} if it is not set
	 */
	static @Nullable String find(Environment environment, ConfigurationPropertyName property) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			ConfigurationProperty found = source.getConfigurationProperty(property);
			if (found == null) {
				found = source.getConfigurationProperty(property.append("[0]"));
			}
			if (found != null) {
				Origin origin = found.getOrigin();
				return (origin != null) ? origin.toString() : String.valueOf(source.getUnderlyingSource());
			}
		}
		return null;
	}

}
