package com.example.bank.show;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who may break things.
 */
class OwnPageFilterTests {

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "localhost, /show/stream, -, 200", "127.0.0.1, /show/stream, same-origin, 200",
					"[::1], /show/stream, none, 200", "localhost, /, cross-site, 200",
					"localhost, /show/stream, cross-site, 403", "localhost, /show/load, same-site, 403",
					"attacker.example, /, -, 403", "attacker.example, /show/stream, same-origin, 403" })
	void onlyItsOwnPage(String host, String path, @Nullable String site, int status) throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
		request.setServerName(host);
		if (site != null) {
			request.addHeader("Sec-Fetch-Site", site);
		}
		MockHttpServletResponse response = new MockHttpServletResponse();
		new OwnPageFilter().doFilter(request, response, new MockFilterChain());
		assertThat(response.getStatus()).isEqualTo(status);
		assertThat(response.getHeader("X-Frame-Options")).isEqualTo("DENY");
	}

}
