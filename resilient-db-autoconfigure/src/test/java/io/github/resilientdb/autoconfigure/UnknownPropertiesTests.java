package io.github.resilientdb.autoconfigure;

import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.github.resilientdb.autoconfigure.UnknownProperties.Unknown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnknownProperties} and {@link KnownProperties}.
 */
class UnknownPropertiesTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	private final UnknownProperties unknown = new UnknownProperties(KnownProperties.ALL);

	UnknownPropertiesTests() {
		this.environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
		this.environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
		ConfigurationPropertySources.attach(this.environment);
	}

	@ParameterizedTest
	@CsvSource({ "resilientdb.pool.preping, ", "resilientdb.pool.pre-pings, resilientdb.pool.pre-ping",
			"resilientdb.pol.size, resilientdb.pool.size",
			"resilientdb.retry.max-attempt, resilientdb.retry.max-attempts",
			"resilientdb.retry.dedline, resilientdb.retry.deadline",
			"resilientdb.datasources.orders.recycl, resilientdb.datasources.orders.recycle",
			"resilientdb.datasources.orders.pool.size, resilientdb.datasources.orders.size",
			"resilientdb.datasources.orders.pool.pre-ping, resilientdb.datasources.orders.pre-ping" })
	void suggestsTheNearestName(String name, String suggestion) {
		set(name, "1");
		if (suggestion == null) {
			assertThat(this.unknown.find(this.environment)).isEmpty();
		}
		else {
			assertThat(this.unknown.find(this.environment)).singleElement().satisfies((found) -> {
				assertThat(found.name()).isEqualTo(name);
				assertThat(found.suggestion()).isEqualTo(suggestion);
			});
		}
	}

	@Test
	void suggestsNothingIfNothingIsNear() {
		set("resilientdb.colour-of-the-bikeshed", "green");
		assertThat(this.unknown.find(this.environment)).extracting(Unknown::suggestion).containsOnlyNulls();
	}

	@ParameterizedTest
	@ValueSource(strings = { "resilientdb.enabled", "resilientdb.pool.pre-ping", "resilientdb.pool.prePing",
			"resilientdb.pool.pre_ping", "resilientdb.retry.reasons[0]", "resilientdb.retry.backoff.initial",
			"resilientdb.commit.marker.table", "resilientdb.datasources.orders.enabled",
			"resilientdb.datasources[my.orders].pre-ping", "spring.datasource.url", "resilientdbx.pool" })
	void knowsWhatIsRead(String name) {
		set(name, "1");
		assertThat(this.unknown.find(this.environment)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "RESILIENTDB_POOL_PREPING", "RESILIENTDB_POOL_PRE_PING", "RESILIENTDB_RETRY_REASONS_0",
			"RESILIENTDB_DATASOURCES_ORDERS_PREPING", "RESILIENTDB_DATASOURCES_ORDERS_PRE_PING", "RESILIENTDB_ENABLED",
			"RESILIENTDBX" })
	void knowsEnvironmentVariables(String name) {
		environmentVariable(name);
		assertThat(this.unknown.find(this.environment)).isEmpty();
	}

	@Test
	void findsEnvironmentVariables() {
		environmentVariable("RESILIENTDB_POOL_RECYLE");
		assertThat(this.unknown.find(this.environment)).singleElement().satisfies((found) -> {
			assertThat(found.origin()).contains("RESILIENTDB_POOL_RECYLE");
			assertThat(found.suggestion()).isEqualTo("resilientdb.pool.recycle");
		});
	}

	@Test
	void tellsTheLineOfAFile() throws Exception {
		String yaml = "resilientdb:\n  pool:\n    sise: 10\n";
		new YamlPropertySourceLoader()
			.load("application.yml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8), "application.yml"))
			.forEach((source) -> this.environment.getPropertySources().addLast(source));
		assertThat(this.unknown.find(this.environment)).singleElement().satisfies((found) -> {
			assertThat(found.origin()).contains("application.yml", "3:11");
			assertThat(found.suggestion()).isEqualTo("resilientdb.pool.size");
		});
	}

	@Test
	void reportsANameOnce() {
		set("resilientdb.pool.sise", "1");
		environmentVariable("RESILIENTDB_POOL_SISE");
		assertThat(this.unknown.find(this.environment)).hasSize(1);
	}

	@Test
	@SuppressWarnings("unchecked")
	void knowsWhatTheMetadataKnows() throws Exception {
		Map<String, String> metadata = new TreeMap<>();
		for (URL url : Collections
			.list(getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream stream = url.openStream()) {
				String json = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
				if (json.contains("resilientdb")) {
					for (Object property : (List<Object>) JsonParserFactory.getJsonParser()
						.parseMap(json)
						.get("properties")) {
						Map<String, Object> described = (Map<String, Object>) property;
						Object byDefault = described.getOrDefault("defaultValue", "");
						if (!described.get("name").toString().startsWith("resilientdb.")) {
							continue;
						}
						metadata.put((String) described.get("name"),
								byDefault.toString().replace("[", "").replace("]", ""));
					}
				}
			}
		}
		Set<String> names = new TreeSet<>(KnownProperties.ALL.defaults().keySet());
		names.add("resilientdb.datasources");
		assertThat(names).isEqualTo(metadata.keySet());
		assertThat(metadata).containsAllEntriesOf(KnownProperties.ALL.defaults());
	}

	private void set(String name, String value) {
		this.environment.getPropertySources().addFirst(new MapPropertySource(name, Map.of(name, value)));
	}

	private void environmentVariable(String name) {
		this.environment.getPropertySources()
			.addLast(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					Map.of(name, "1")));
	}

}
