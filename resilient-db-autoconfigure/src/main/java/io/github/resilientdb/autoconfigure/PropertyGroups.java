package io.github.resilientdb.autoconfigure;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/**
 * Reads groups of properties. A group of which nothing is set is not bound, which would
 * take more time at start-up than most else that is done then.
 */
final class PropertyGroups {

	private final Iterable<ConfigurationPropertySource> sources;

	private final Binder binder;

	PropertyGroups(Iterable<ConfigurationPropertySource> sources, Binder binder) {
		this.sources = sources;
		this.binder = binder;
	}

	static PropertyGroups of(Environment environment) {
		return new PropertyGroups(ConfigurationPropertySources.get(environment), Binder.get(environment));
	}

	Binder binder() {
		return this.binder;
	}

	/**
	 * Read a group.
	 * @param prefix what its properties begin with
	 * @param <T> the type of the group
	 * @param defaults what holds where nothing is set, as the annotations say
	 * @return the group
	 */
	@SuppressWarnings("unchecked")
	<T extends Record> T read(String prefix, T defaults) {
		return isSet(prefix) ? this.binder.bindOrCreate(prefix, (Class<T>) defaults.getClass()) : defaults;
	}

	/**
	 * Return whether a property below a prefix is set, or may be; or the prefix itself,
	 * which is to be refused.
	 */
	boolean isSet(String prefix) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
		for (ConfigurationPropertySource source : this.sources) {
			if (source.containsDescendantOf(name) != ConfigurationPropertyState.ABSENT
					|| source.getConfigurationProperty(name) != null) {
				return true;
			}
		}
		return false;
	}

}
