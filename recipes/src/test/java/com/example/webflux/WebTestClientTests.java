package com.example.webflux;

import java.util.List;

import io.github.resilientdb.test.values.ValueRenderer;
import org.junit.jupiter.api.Test;

import org.springframework.http.ResponseEntity;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the test kit compares of a response that {@link WebTestClient} received, whatever
 * of it a test returns.
 */
class WebTestClientTests {

	private final WebTestClient client = WebTestClient.bindToController(new Notes()).build();

	@Test
	void whateverItReturnsIsTheResponse() {
		for (Object value : List.of(exchange(), exchange().expectStatus().isCreated(),
				exchange().expectHeader().doesNotExist("x"), exchange().returnResult(String.class),
				exchange().expectBody(), exchange().expectBody().returnResult(), exchange().expectBody(String.class),
				exchange().expectBody(String.class).returnResult())) {
			assertThat(ValueRenderer.renderAll(value)).as(value.getClass().getName())
				.isEqualTo("status 201 CREATED, content-type: text/plain;charset=UTF-8, location: /notes/7, body made");
		}
	}

	private WebTestClient.ResponseSpec exchange() {
		return this.client.post().uri("/notes").exchange();
	}

	@RestController
	static class Notes {

		@PostMapping("/notes")
		ResponseEntity<String> note() {
			return ResponseEntity.status(201).header("Location", "/notes/7").body("made");
		}

	}

}
