package io.github.resilientdb.test.values;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is compared of a header.
 */
class HttpHeadersTests {

	@Test
	void leavesOutTheCookiesThatAreRandom() {
		List<String> cookies = List.of("SESSION=YWJjMTIzZGVmNDU2Z2hp", "n=2", "XSRF-TOKEN=" + new UUID(4711, 42));
		assertThat(HttpHeaders.write(Map.of("set-cookie", cookies))).isEqualTo(", set-cookie: n=2");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Date          | Sun, 22 Nov 2026 05:31:22 GMT                 |
			Content-Length | 11                                           |
			X-Attempt     | 2                                             | 2
			X-Order       | ORD20260000001234                             | ORD20260000001234
			X-Request-Id  | 6f0b0c5e-0000-4000-8000-00a0000000b1          | 6f0b0c5e-0000-4000-8000-00a0000000b1
			ETag          | "0a1b2c3d4e5f60718293a4b5c6d7e8f9"            | "<token>"
			Last-Modified | Sun, 22 Nov 2026 05:31:22 GMT                 | 2026-11-22T05:31:22Z
			Last-Modified | Sun, 99 Nov 2026 05:31:22 GMT                 | Sun, 99 Nov 2026 05:31:22 GMT
			Location      | /orders/0a1b2c3d4e5f60718293a4b5c6d7e8f9      | /orders/0a1b2c3d4e5f60718293a4b5c6d7e8f9
			Set-Cookie    | n=2                                           | n=2
			Set-Cookie    | JSESSIONID=A1B2C3D4E5F60718A1B2; Path=/; Http |
			Set-Cookie    | jwt=eyJ0eXAi1.eyJ1c2Vy2.s3-_x                 |
			""")
	void writes(String name, String value, @Nullable String written) {
		assertThat(HttpHeaders.write(Map.of(name, List.of(value))))
			.isEqualTo((written != null) ? ", " + name.toLowerCase(Locale.ROOT) + ": " + written : "");
	}

}
