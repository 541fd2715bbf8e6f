package io.github.resilientdb.test;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.github.resilientdb.test.rows.SnapshotReader;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.util.ClassUtils;

/**
 * Where a data source keeps the address of its server: in a URL, or in the properties of
 * the class that it makes its connections with.
 */
final class Address {

	private static final String PROPERTIES = "dataSourceProperties";

	/**
	 * What is replaced by a URL.
	 */
	private static final Set<String> REPLACED = Set.of("servername", "servernames", "portnumber", "portnumbers",
			"databasename", "url", "ssl", "sslmode", "sslnegotiation", "channelbinding");

	private final BeanWrapper dataSource;

	/**
	 * The class that makes connections, with what is set on it; the URL's property
	 * otherwise.
	 */
	private final @Nullable String className;

	private final String urlProperty;

	private Address(BeanWrapper dataSource, @Nullable String className) {
		this.dataSource = dataSource;
		this.className = className;
		this.urlProperty = (text(dataSource, "jdbcUrl") != null) ? "jdbcUrl" : "url";
	}

	/**
	 * Find the address. A class name comes before a URL, as in HikariCP.
	 */
	static Address of(BeanWrapper dataSource) {
		return new Address(dataSource, text(dataSource, "dataSourceClassName"));
	}

	/**
	 * Return the URL of what it connects to.
	 * @return the URL, or {@code null} if there is none
	 */
	@Nullable String url() {
		if (this.className == null) {
			return text(this.dataSource, this.urlProperty);
		}
		return this.className.startsWith("org.postgresql.") ? urlOfClass(driverProperties()) : null;
	}

	private static String urlOfClass(Properties driver) {
		Map<String, String> all = lowerCase(driver);
		String url = all.get("url");
		if (url != null) {
			return url;
		}
		List<String> names = list(all.getOrDefault("servernames", all.getOrDefault("servername", "localhost")));
		List<String> ports = list(all.getOrDefault("portnumbers", all.getOrDefault("portnumber", "0")));
		StringBuilder hosts = new StringBuilder();
		for (int i = 0; i < names.size(); i++) {
			String port = ports.get(Math.min(i, ports.size() - 1));
			hosts.append((i > 0) ? "," : "").append(names.get(i)).append("0".equals(port) ? "" : ":" + port);
		}
		return "jdbc:postgresql://" + hosts + "/"
				+ URLEncoder.encode(all.getOrDefault("databasename", ""), StandardCharsets.UTF_8);
	}

	private static List<String> list(String text) {
		return List.of(text.split(",", -1)).stream().map(String::trim).toList();
	}

	private static Map<String, String> lowerCase(Properties properties) {
		return properties.stringPropertyNames()
			.stream()
			.collect(Collectors.toMap((name) -> name.toLowerCase(Locale.ROOT), properties::getProperty,
					(one, other) -> one, TreeMap::new));
	}

	/**
	 * Connect to something else from now on.
	 * @param url the URL
	 * @throws org.springframework.beans.BeansException if the pool has started
	 */
	void replace(String url) {
		if (this.className == null) {
			this.dataSource.setPropertyValue(this.urlProperty, url);
			if (this.dataSource.isWritableProperty("sslMode")) {
				// the driver's own data source keeps what was set there before
				this.dataSource.setPropertyValue("sslMode", "disable");
			}
			return;
		}
		Properties more = new Properties();
		more.setProperty("url", url);
		this.dataSource.setPropertyValue(PROPERTIES, more);
		if (this.dataSource.getPropertyValue(PROPERTIES) instanceof Properties all) {
			all.keySet().removeIf((name) -> REPLACED.contains(name.toString().toLowerCase(Locale.ROOT)));
			all.setProperty("url", url);
		}
	}

	/**
	 * Return what is set on the driver, or on the class that makes connections, as text.
	 */
	Properties driverProperties() {
		Properties all = new Properties();
		if (this.dataSource.isReadableProperty(PROPERTIES)
				&& this.dataSource.getPropertyValue(PROPERTIES) instanceof Properties properties) {
			properties.forEach((name, value) -> all.setProperty(name.toString(), text(value)));
		}
		return all;
	}

	private static String text(Object value) {
		if (value instanceof String[] names) {
			return String.join(",", names);
		}
		return (value instanceof int[] ports)
				? Arrays.stream(ports).mapToObj(String::valueOf).collect(Collectors.joining(",")) : value.toString();
	}

	/**
	 * Return what it takes to log in beside the URL, by the driver's names.
	 */
	Properties credentials() {
		Properties credentials = new Properties();
		lowerCase(driverProperties()).forEach((name, value) -> {
			if (name.startsWith("ssl") || name.equals("user") || name.equals("password")) {
				credentials.setProperty(name, value);
			}
		});
		put(credentials, "user", "user");
		put(credentials, "user", "username");
		put(credentials, "password", "password");
		credentials.setProperty("ApplicationName", SnapshotReader.NAME);
		return credentials;
	}

	private void put(Properties credentials, String name, String property) {
		String value = text(this.dataSource, property);
		if (value != null) {
			credentials.setProperty(name, value);
		}
	}

	/**
	 * Return why there is no URL, with the line that gives it one.
	 */
	String advice() {
		if (this.className != null) {
			return "its dataSourceClassName (%s) is not PostgreSQL's; give it a URL instead: ".formatted(this.className)
					+ "spring.datasource.url=jdbc:postgresql://…, or setJdbcUrl(...)";
		}
		return isEmbedded(this.dataSource.getWrappedClass())
				? "it is an embedded one, which a slice puts into the place of yours; write "
						+ "@AutoConfigureTestDatabase(replace = Replace.NONE) on the test class"
				: "it has no URL; write spring.datasource.url=jdbc:postgresql://… for the test, or setJdbcUrl(...)";
	}

	private static boolean isEmbedded(Class<?> type) {
		return ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.anyMatch((implemented) -> implemented.getSimpleName().equals("EmbeddedDatabase"));
	}

	private static @Nullable String text(BeanWrapper dataSource, String property) {
		return (dataSource.isReadableProperty(property) && dataSource.getPropertyValue(property) instanceof String text)
				? text : null;
	}

}
