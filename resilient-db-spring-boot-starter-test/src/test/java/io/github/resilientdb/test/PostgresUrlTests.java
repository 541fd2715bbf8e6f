package io.github.resilientdb.test;

import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;

import io.github.resilientdb.test.proxy.Encryption;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a data source is pointed to a proxy.
 */
class PostgresUrlTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					jdbc:postgresql://db:5433/shop                          | jdbc:postgresql://127.0.0.1:9/shop?sslmode=disable
					jdbc:postgresql://db/shop?a=b                           | jdbc:postgresql://127.0.0.1:9/shop?a=b&sslmode=disable
					jdbc:postgresql:shop                                    | jdbc:postgresql://127.0.0.1:9/shop?sslmode=disable
					jdbc:postgresql://[::1]:5432/shop?sslmode=require&a=b   | jdbc:postgresql://127.0.0.1:9/shop?a=b&sslmode=disable
					jdbc:postgresql://a:5433,b,[::1]:7/shop?a=b             | jdbc:postgresql://127.0.0.1:9,127.0.0.1:10,127.0.0.1:11/shop?a=b&sslmode=disable
					jdbc:postgresql:///shop                                 | jdbc:postgresql://127.0.0.1:9/shop?sslmode=disable
					jdbc:p6spy:postgresql://db/shop?x=y&ssl=true&channelBinding=require | jdbc:p6spy:postgresql://127.0.0.1:9/shop?x=y&sslmode=disable
					""")
	void goesThroughProxies(String url, String expected) {
		PostgresUrl parsed = parse(url);
		List<Integer> ports = IntStream.range(9, 9 + parsed.hosts().size()).boxed().toList();
		assertThat(parsed.through(ports)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "?sslmode=require,REQUIRED", "?a=b&ssl=true,REQUIRED", "?ssl=,REQUIRED", "?sslmode=verify-ca,REQUIRED",
			"?ssl=true&sslmode=Prefer,IF_OFFERED", "?ssl=false,IF_OFFERED", "'',IF_OFFERED", "?sslmode=allow,NEVER",
			"?a=b&sslmode=disable,NEVER" })
	void knowsWhetherTlsIsAskedFor(String parameters, Encryption encryption) {
		assertThat(parse("jdbc:postgresql://db/x" + parameters).encryption(new Properties())).isEqualTo(encryption);
	}

	@ParameterizedTest
	@CsvSource({ "'',require,REQUIRED", "?sslmode=disable,require,NEVER", "?sslmode=require,disable,REQUIRED" })
	void theUrlComesBeforeTheDriversProperties(String parameters, String property, Encryption encryption) {
		Properties driver = new Properties();
		driver.setProperty("sslmode", property);
		assertThat(parse("jdbc:postgresql://db/x" + parameters).encryption(driver)).isEqualTo(encryption);
	}

	@Test
	void showsNoPassword() {
		assertThat(PostgresUrl.withoutParameters("jdbc:postgresql://a,b/x?password=secret"))
			.isEqualTo("jdbc:postgresql://a,b/x");
		assertThat(PostgresUrl.withoutParameters("jdbc:h2:mem:x")).isEqualTo("jdbc:h2:mem:x");
	}

	@Test
	void goesPastTheProxyWithTheDriverItself() {
		assertThat(parse("jdbc:p6spy:postgresql://db/shop?a=b").direct())
			.isEqualTo("jdbc:postgresql://db:5432/shop?a=b");
	}

	@Test
	void ofSeveralServersThePrimaryHasTheRows() {
		PostgresUrl url = parse("jdbc:postgresql://a:1,b/shop?targetServerType=secondary&a=b");
		assertThat(url.direct()).isEqualTo("jdbc:postgresql://a:1,b:5432/shop?a=b&targetServerType=preferPrimary");
		assertThat(url.hosts()).extracting(url::direct)
			.containsExactly("jdbc:postgresql://a:1/shop?a=b&targetServerType=any",
					"jdbc:postgresql://b:5432/shop?a=b&targetServerType=any");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:x", "jdbc:postgresql://a:x,b:2/shop", "jdbc:mysql://db/shop" })
	void refusesOthers(String url) {
		assertThat(PostgresUrl.parse(url)).isNull();
	}

	private static PostgresUrl parse(String url) {
		@Nullable PostgresUrl parsed = PostgresUrl.parse(url);
		assertThat(parsed).isNotNull();
		return parsed;
	}

}
