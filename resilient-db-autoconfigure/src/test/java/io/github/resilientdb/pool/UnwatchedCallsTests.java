package io.github.resilientdb.pool;

import java.time.Duration;

import com.zaxxer.hikari.HikariConfig;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import io.github.resilientdb.testsupport.CapturedLog;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnwatchedCalls}.
 */
@ExtendWith(CapturedLog.Extension.class)
class UnwatchedCallsTests {

	private static final String TOLD = "without a socket of ours (a socketFactory is configured). "
			+ "Set spring.datasource.hikari.data-source-properties.socketTimeout";

	@ParameterizedTest
	@CsvSource({ "jdbc:postgresql://a/b?socketFactory=x, true", "jdbc:aws-wrapper:postgresql://a/b, true",
			"jdbc:postgresql://a/b?socketFactory=x&socketTimeout=60, false", "jdbc:h2:mem:a, false" })
	void ofPostgresAreToldOfUnlessTheDriverEndsThem(String url, boolean told, CapturedLog log) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		warn(config, "a socketFactory is configured", Duration.ofSeconds(5));
		assertThat(log.toString().contains(TOLD)).isEqualTo(told);
	}

	@Test
	void ofADataSourceClassAreToldOfToo(CapturedLog log) {
		HikariConfig config = new HikariConfig();
		config.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
		warn(config, "a dataSourceClassName is configured", Duration.ofSeconds(5));
		assertThat(log).contains("WARN Calls whose network falls silent may hang",
				"(a dataSourceClassName is configured)");
	}

	@Test
	void areNotToldOfWhereTheDriverOrNobodyIsToWatch(CapturedLog log) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl("jdbc:postgresql://a/b?socketFactory=x");
		warn(config, null, Duration.ofSeconds(5));
		warn(config, "a socketFactory is configured", null);
		config.addDataSourceProperty("socketTimeout", "60");
		warn(config, "a socketFactory is configured", Duration.ofSeconds(5));
		assertThat(log).doesNotContain("watchdog");
	}

	private static void warn(HikariConfig config, @Nullable String reason, @Nullable Duration silence) {
		UnwatchedCalls.warn(config, reason, settings(silence));
	}

	private static PoolSettings settings(@Nullable Duration silence) {
		Duration second = Duration.ofSeconds(1);
		return new PoolSettings(null, null, null, PrePing.ALWAYS, second, second, PoolMode.POOLED,
				ResetOnReturn.ROLLBACK, RequirePrimary.AUTO, true, silence);
	}

}
