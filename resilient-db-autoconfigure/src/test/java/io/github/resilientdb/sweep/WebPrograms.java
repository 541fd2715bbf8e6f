package io.github.resilientdb.sweep;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.test.web.servlet.MockMvc;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

/**
 * Ordinary programs behind HTTP, with one persistence context for the whole request.
 */
class WebPrograms {

	private final MockMvc mvc;

	WebPrograms(MockMvc mvc) {
		this.mvc = mvc;
	}

	List<Program> all() {
		return Stream
			.of("/open/cy", "/buy/cy", "/transfer/5", "/load-then-deposit/5", "/load-then-change-inside/5",
					"/change-then-call/5", "/ship", "/load-then-ship", "/points/5", "/lazily")
			.map((path) -> Program.returning("POST " + path, () -> this.mvc.perform(post(path)).andReturn()))
			.toList();
	}

}
