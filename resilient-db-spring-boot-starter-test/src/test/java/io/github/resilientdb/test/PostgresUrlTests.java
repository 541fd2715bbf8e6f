package io.github.resilientdb.test;

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
					jdbc:p6spy:postgresql://db/shop?x=y&ssl=true            | jdbc:p6spy:postgresql://127.0.0.1:9/shop?x=y&sslmode=disable
					""")
	void goesThroughAProxy(String url, String expected) {
		assertThat(parse(url).through(9)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:postgresql://db/x?sslmode=require,true", "jdbc:postgresql://db/x?a=b&ssl=true,true",
			"jdbc:postgresql://db/x?sslmode=prefer,false", "jdbc:postgresql://db/x,false" })
	void knowsWhetherTlsIsAskedFor(String url, boolean encrypted) {
		assertThat(parse(url).isEncrypted()).isEqualTo(encrypted);
	}

	@Test
	void goesPastTheProxyWithTheDriverItself() {
		assertThat(parse("jdbc:p6spy:postgresql://db/shop?a=b").direct())
			.isEqualTo("jdbc:postgresql://db:5432/shop?a=b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:x", "jdbc:postgresql://a:1,b:2/shop", "jdbc:mysql://db/shop" })
	void refusesOthers(String url) {
		assertThat(PostgresUrl.parse(url)).isNull();
	}

	private static PostgresUrl parse(String url) {
		@Nullable PostgresUrl parsed = PostgresUrl.parse(url);
		assertThat(parsed).isNotNull();
		return parsed;
	}

}
