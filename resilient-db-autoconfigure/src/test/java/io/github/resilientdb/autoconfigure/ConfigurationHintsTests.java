package io.github.resilientdb.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import io.github.resilientdb.retry.RetryReason;
import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the hints that an editor of configuration files shows.
 */
class ConfigurationHintsTests {

	private static final Map<String, Class<? extends Enum<?>>> ENUMS = Map.of("resilientdb.pool.mode", PoolMode.class,
			"resilientdb.pool.pre-ping", PrePing.class, "resilientdb.pool.require-primary", RequirePrimary.class,
			"resilientdb.pool.reset-on-return", ResetOnReturn.class, "resilientdb.commit.verification",
			VerificationMode.class, "resilientdb.commit.scope", CommitProperties.Scope.class,
			"resilientdb.commit.marker.initialize-schema", DatabaseInitializationMode.class,
			"resilientdb.retry.reasons", RetryReason.class);

	@Test
	void haveTheValuesOfEachEnumeration() throws IOException {
		Map<String, List<String>> expected = new TreeMap<>();
		ENUMS.forEach((name, type) -> expected.put(name,
				Arrays.stream(type.getEnumConstants()).map(WrittenValues::of).sorted().toList()));
		Map<String, List<String>> hinted = new TreeMap<>();
		hints().forEach((name, hint) -> hinted.put(name,
				elements(hint, "values").stream()
					.map((value) -> String.valueOf(value.get("value")))
					.sorted()
					.toList()));
		assertThat(hinted).containsAllEntriesOf(expected);
	}

	@Test
	void completeTheNamesOfDataSources() throws IOException {
		assertThat(elements(hints().getOrDefault("resilientdb.datasources.keys", Map.of()), "providers"))
			.containsExactly(
					Map.of("name", "spring-bean-reference", "parameters", Map.of("target", "javax.sql.DataSource")));
	}

	@Test
	void areOfPropertiesThatExist() throws IOException {
		assertThat(hints().keySet()).map((name) -> name.replaceFirst("[.]keys$", ""))
			.allMatch((name) -> KnownProperties.ALL.defaults().containsKey(name)
					|| name.equals(KnownProperties.DATASOURCES));
	}

	private static Map<String, Map<String, Object>> hints() throws IOException {
		String text = new ClassPathResource("META-INF/additional-spring-configuration-metadata.json")
			.getContentAsString(StandardCharsets.UTF_8);
		Map<String, Map<String, Object>> hints = new TreeMap<>();
		for (Map<String, Object> hint : elements(JsonParserFactory.getJsonParser().parseMap(text), "hints")) {
			hints.put(String.valueOf(hint.get("name")), hint);
		}
		return hints;
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> elements(Map<String, Object> object, String name) {
		return (List<Map<String, Object>>) object.getOrDefault(name, List.of());
	}

}
