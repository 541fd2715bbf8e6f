package io.github.resilientdb.autoconfigure;

import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * The names of all properties, and their defaults, as the records have them.
 */
final class KnownProperties {

	static final String PREFIX = "resilientdb";

	static final String DATASOURCES = PREFIX + ".datasources";

	private static final Class<?>[] RECORDS = { PoolProperties.class, RetryProperties.class, CommitProperties.class,
			StartupProperties.class, FailoverProperties.class, WatchdogProperties.class };

	/**
	 * All there are.
	 */
	static final KnownProperties ALL = new KnownProperties();

	private final Set<Class<?>> types = new LinkedHashSet<>();

	private final Map<String, String> defaults = new TreeMap<>();

	private final Map<String, String> ofDataSource = new TreeMap<>();

	private final Set<String> durations = new TreeSet<>();

	private final Set<String> durationsOfDataSource = new TreeSet<>();

	private KnownProperties() {
		this.defaults.put(PREFIX + ".enabled", "true");
		for (Class<?> type : RECORDS) {
			add(this.defaults, this.durations, type.getAnnotation(ConfigurationProperties.class).value() + ".", type);
		}
		add(this.ofDataSource, this.durationsOfDataSource, "", DataSourcesProperties.OfDataSource.class);
	}

	// Defaults are annotated on the parameters of the canonical constructor
	private void add(Map<String, String> properties, Set<String> durations, String prefix, Class<?> type) {
		this.types.add(type);
		RecordComponent[] components = type.getRecordComponents();
		// Of one parameter alone, they would be read for all each time
		Annotation[][] annotations = type.getDeclaredConstructors()[0].getParameterAnnotations();
		for (int i = 0; i < components.length; i++) {
			String name = prefix + DataObjectPropertyName.toDashedForm(components[i].getName());
			if (components[i].getType().isRecord()) {
				add(properties, durations, name + ".", components[i].getType());
			}
			else {
				properties.put(name, byDefault(annotations[i]));
				if (components[i].getType() == Duration.class) {
					durations.add(name);
				}
			}
		}
	}

	private static String byDefault(Annotation[] annotations) {
		for (Annotation annotation : annotations) {
			if (annotation instanceof DefaultValue value) {
				return String.join(", ", value.value());
			}
		}
		return "";
	}

	/**
	 * Return the canonical name of what the properties of one DataSource are under, by
	 * which they are found however they are written.
	 * @param beanName the name of the DataSource bean
	 * @return the name
	 */
	static ConfigurationPropertyName ofDataSource(String beanName) {
		ConfigurationPropertyName datasources = ConfigurationPropertyName.of(DATASOURCES);
		boolean plain = beanName.chars()
			.allMatch((character) -> character < 128 && Character.isLetterOrDigit(character));
		return datasources.append(plain ? beanName.toLowerCase(Locale.ROOT) : "[" + beanName + "]");
	}

	/**
	 * Return the records that the properties are components of.
	 * @return the records, those within others included
	 */
	Collection<Class<?>> types() {
		return this.types;
	}

	/**
	 * Return the properties that are not of one DataSource.
	 * @return their defaults by name; empty where something else says what holds
	 */
	Map<String, String> defaults() {
		return this.defaults;
	}

	/**
	 * Return the names of the properties of one DataSource.
	 * @return the last elements of the names
	 */
	Collection<String> ofDataSource() {
		return this.ofDataSource.keySet();
	}

	/**
	 * Return the properties that are durations.
	 * @return their names
	 */
	Collection<String> durations() {
		return this.durations;
	}

	/**
	 * Return the properties of one DataSource that are durations.
	 * @return the last elements of their names
	 */
	Collection<String> durationsOfDataSource() {
		return this.durationsOfDataSource;
	}

}
