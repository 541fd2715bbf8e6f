package io.github.resilientdb.sweep;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.github.resilientdb.test.values.ValueRenderer;
import org.junit.jupiter.api.Test;

import org.springframework.http.ResponseEntity;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.assertj.RestTestClientResponse;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

/**
 * Tests of what the test kit compares of a response.
 */
class HttpAnswerTests {

	private static final String CREATED = "status 201 CREATED, location: /notes/7, body ";

	private static final String TEXT = "status 201 CREATED, content-type: text/plain;charset=ISO-8859-1, "
			+ "location: /notes/7, body made";

	private static final String MOCKED = TEXT.replace(" CREATED", "");

	private final RestTestClient client = RestTestClient.bindToController(new Notes()).build();

	private final MockMvc mvc = MockMvcBuilders.standaloneSetup(new Notes()).build();

	@Test
	void mockedResponse() throws Exception {
		MockHttpServletResponse response = new MockHttpServletResponse();
		response.setStatus(201);
		response.setHeader("Location", "/notes/7");
		response.setHeader("Date", "Sat, 21 Nov 2026 10:00:00 GMT");
		response.getWriter().write("made");
		assertThat(ValueRenderer.renderAll(response)).isEqualTo("status 201, location: /notes/7, body made");
	}

	@Test
	void whatMockMvcReturns() throws Exception {
		ResultActions actions = this.mvc.perform(post("/notes"));
		MvcTestResult result = MockMvcTester.create(this.mvc).post().uri("/notes").exchange();
		for (Object value : List.of(actions, actions.andExpect(status().isCreated()), actions.andReturn(),
				actions.andReturn().getResponse(), result, result.getResponse())) {
			assertThat(ValueRenderer.renderAll(value)).as(value.getClass().getName()).isEqualTo(MOCKED);
		}
		assertThat(ValueRenderer.renderAll(Optional.of(actions))).isEqualTo("Optional(" + MOCKED + ")");
	}

	@Test
	void whatMockMvcReturnsOfAFailure() {
		MvcTestResult result = MockMvcTester.create(this.mvc).post().uri("/broken").exchange();
		assertThat(ValueRenderer.renderAll(result)).startsWith("status 500, body ").contains("out of paper");
	}

	@Test
	void anAnswerThatIsStillBeingMadeIsRefused() throws Exception {
		MvcResult started = this.mvc.perform(post("/later")).andReturn();
		assertThatIllegalStateException().isThrownBy(() -> ValueRenderer.renderAll(started))
			.withMessageContaining("asyncDispatch(started)");
		started.getAsyncResult();
		assertThat(ValueRenderer.renderAll(this.mvc.perform(asyncDispatch(started)))).isEqualTo(MOCKED);
	}

	@Test
	void whatATestClientReturns() {
		for (Object value : List.of(exchange(), exchange().returnResult(String.class), exchange().expectBody(),
				exchange().expectBody(String.class), exchange().expectBody().returnResult(),
				exchange().expectHeader().doesNotExist("x"), RestTestClientResponse.from(exchange()))) {
			assertThat(ValueRenderer.renderAll(value)).as(value.getClass().getName()).isEqualTo(TEXT);
		}
	}

	private RestTestClient.ResponseSpec exchange() {
		return this.client.post().uri("/notes").exchange();
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

	@Test
	void aBodyThatCannotBeReadIsRefused() {
		StreamingResponseBody streaming = (out) -> out.write(1);
		for (Object value : List.of(entity(streaming), entity(new ByteArrayInputStream(new byte[1])),
				new MockClientHttpResponse("made".getBytes(StandardCharsets.UTF_8), 200))) {
			assertThatIllegalStateException().isThrownBy(() -> ValueRenderer.renderAll(value))
				.withMessageContaining("can't be compared");
		}
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

		@PostMapping("/later")
		Callable<ResponseEntity<String>> makeLater() {
			return this::make;
		}

		@PostMapping("/broken")
		String fail() {
			throw new IllegalStateException("out of paper");
		}

	}

}
