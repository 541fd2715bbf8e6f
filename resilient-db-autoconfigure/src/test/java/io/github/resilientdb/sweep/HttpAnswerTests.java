package io.github.resilientdb.sweep;

import java.net.URI;
import java.util.Map;

import io.github.resilientdb.test.values.ValueRenderer;
import org.junit.jupiter.api.Test;

import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what the test kit compares of a response.
 */
class HttpAnswerTests {

	private static final String CREATED = "status 201 CREATED, location /notes/7, body ";

	private final RestTestClient client = RestTestClient.bindToController(new Notes()).build();

	@Test
	void mockedResponse() throws Exception {
		MockHttpServletResponse response = new MockHttpServletResponse();
		response.setStatus(201);
		response.setHeader("Location", "/notes/7");
		response.setHeader("Date", "Sat, 21 Nov 2026 10:00:00 GMT");
		response.getWriter().write("made");
		assertThat(ValueRenderer.renderAll(response)).isEqualTo("status 201, location /notes/7, body made");
	}

	@Test
	void resultOfATestClient() {
		assertThat(ValueRenderer.renderAll(this.client.post().uri("/notes").exchange().returnResult(String.class)))
			.isEqualTo(CREATED + "made");
	}

	@Test
	void entity() {
		assertThat(ValueRenderer.renderAll(entity("made"))).isEqualTo(CREATED + "made");
		assertThat(ValueRenderer.renderAll(entity(Map.of("id", 7)))).isEqualTo(CREATED + "[id=7]");
		assertThat(ValueRenderer.renderAll(entity(null))).isEqualTo(CREATED);
	}

	@Test
	void otherwhere() {
		assertThat(ValueRenderer.renderAll(ResponseEntity.ok("made"))).isEqualTo("status 200 OK, body made");
	}

	private static <T> ResponseEntity<T> entity(T body) {
		return ResponseEntity.created(URI.create("/notes/7"))
			.header("Date", "Sat, 21 Nov 2026 10:00:00 GMT")
			.body(body);
	}

	@RestController
	static class Notes {

		@PostMapping("/notes")
		ResponseEntity<String> make() {
			return entity("made");
		}

	}

}
