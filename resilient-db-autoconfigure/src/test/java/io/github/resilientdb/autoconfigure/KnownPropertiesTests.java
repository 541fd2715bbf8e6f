package io.github.resilientdb.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KnownProperties}.
 */
class KnownPropertiesTests {

	@ParameterizedTest
	@CsvSource({ "dataSource, resilientdb.datasources.datasource", "orders2, resilientdb.datasources.orders2",
			"data-source, resilientdb.datasources[data-source]", "data_source, resilientdb.datasources[data_source]",
			"my.dataSource, resilientdb.datasources[my.dataSource]", "größe, resilientdb.datasources[größe]",
			"数据源, resilientdb.datasources[数据源]" })
	void namesThePropertiesOfADataSourceWhateverItIsCalled(String bean, String name) {
		assertThat(KnownProperties.ofDataSource(bean)).hasToString(name);
	}

	@ParameterizedTest
	@CsvSource({ "dataSource, resilientdb.datasources.dataSource.size",
			"dataSource, resilientdb.datasources.data-source.size",
			"data-source, resilientdb.datasources[data-source].size", "größe, resilientdb.datasources[größe].size" })
	void findsThePropertiesOfADataSourceAsTheyAreWritten(String bean, String written) {
		MockEnvironment environment = new MockEnvironment().withProperty(written, "3");
		ConfigurationPropertyName name = KnownProperties.ofDataSource(bean).append("size");
		assertThat(ConfigurationPropertySources.get(environment)).anyMatch((source) -> {
			var property = source.getConfigurationProperty(name);
			return property != null && property.getValue().equals("3");
		});
	}

	@Test
	void hasTheDefaultsOfGroupsWithinGroups() {
		assertThat(KnownProperties.ALL.defaults()).containsEntry("resilientdb.enabled", "true")
			.containsKeys("resilientdb.pool.ping-after", "resilientdb.retry.max-attempts", "resilientdb.commit.fence")
			.allSatisfy((name, value) -> assertThat(name).matches("resilientdb(\\.[a-z-]+)+"));
		assertThat(KnownProperties.ALL.ofDataSource()).contains("size", "pre-ping", "enabled");
	}

	@Test
	void everyDurationIsAPropertyAndHasAUnitInItsDefault() {
		assertThat(KnownProperties.ALL.defaults()).containsKeys(KnownProperties.ALL.durations().toArray(String[]::new));
		assertThat(KnownProperties.ALL.durations()).contains("resilientdb.retry.deadline")
			.allSatisfy((name) -> assertThat(KnownProperties.ALL.defaults().get(name)).matches("|\\d+[a-z]+"));
		assertThat(KnownProperties.ALL.ofDataSource()).containsAll(KnownProperties.ALL.durationsOfDataSource());
	}

}
