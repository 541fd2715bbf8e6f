package io.github.resilientdb.autoconfigure;

import java.security.Security;
import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is said of URLs with which a failover takes longer than it need.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectLintTests {

	private static final String TTL = "networkaddress.cache.ttl";

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jdbc:postgresql://a:5432/bank                          | false
			jdbc:postgresql:bank                                   | false
			jdbc:postgresql://a,b/bank                             | true
			jdbc:postgresql://a:1,b:2/bank?user=x                  | true
			jdbc:postgresql://a,b/bank?targetServerType=primary    | false
			jdbc:postgresql://a/bank?options=-c%20search_path=a,b  | false
			jdbc:h2:mem:a                                          | false
			""")
	void severalHostsNeedATarget(String url, boolean warns, CapturedOutput output) {
		check(true, url);
		assertThat(output.toString().contains("Set targetServerType=primary")).isEqualTo(warns);
		assertThat(output.toString()).doesNotContain("resilientdb.retry.deadline");
	}

	@Test
	void theTargetMayBeAPropertyOfTheDriver(CapturedOutput output) {
		try (HikariDataSource dataSource = new HikariDataSource()) {
			dataSource.setJdbcUrl("jdbc:postgresql://a,b/bank");
			dataSource.addDataSourceProperty("targetServerType", "primary");
			new ConnectLint(Duration.ofSeconds(10), true).check("bank", dataSource);
		}
		assertThat(output).doesNotContain("targetServerType=primary");
	}

	@Test
	void aDefaultDeadlineDoesNotOutlastADefaultFailover(CapturedOutput output) {
		check(false, "jdbc:postgresql://a,b/bank?targetServerType=primary",
				"jdbc:postgresql://c,d/bank?targetServerType=primary", "jdbc:postgresql://e/bank");
		assertThat(output.toString().split("Set resilientdb.retry.deadline to 60s", -1)).hasSize(2);
		assertThat(output).contains("(10s)").contains("Patroni's defaults", "lasts 30s").contains("INFO");
	}

	@ParameterizedTest
	@ResourceLock("java.security")
	@CsvSource({ "-1, jdbc:postgresql://bank.example/bank, true", "-1, jdbc:postgresql://10.0.0.1:5432/bank, false",
			"-1, 'jdbc:postgresql://10.0.0.1,node-b/bank?targetServerType=primary', true",
			"-1, jdbc:postgresql://localhost/bank, false", "5, jdbc:postgresql://bank.example/bank, false",
			"-1, 'jdbc:postgresql://[::1]:5432/bank', false" })
	void addressesThatAreKeptForEver(String ttl, String url, boolean warns, CapturedOutput output) {
		String before = Security.getProperty(TTL);
		Security.setProperty(TTL, ttl);
		try {
			check(true, url);
		}
		finally {
			Security.setProperty(TTL, (before != null) ? before : "");
		}
		assertThat(output.toString().contains("would not find a database that has moved")).isEqualTo(warns);
	}

	private static void check(boolean deadlineIsSet, String... urls) {
		ConnectLint lint = new ConnectLint(Duration.ofSeconds(10), deadlineIsSet);
		for (String url : urls) {
			try (HikariDataSource dataSource = new HikariDataSource()) {
				dataSource.setJdbcUrl(url);
				lint.check("bank", dataSource);
			}
		}
	}

}
