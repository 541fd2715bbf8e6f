package io.github.resilientdb.sweep;

import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

/**
 * Tests of the test kit whose action is a request that writes a note, with a server or
 * without one.
 */
@AutoConfigureRestTestClient
@AutoConfigureMockMvc
@DisconnectTest
abstract class HttpSweep {

	@Autowired
	private RestTestClient client;

	@Autowired
	private MockMvc mvc;

	@Autowired
	private JdbcTemplate jdbc;

	final DisconnectScenario requested(DisconnectScenario scenario, String path) {
		return scenario.given(this::reset)
			.when(() -> this.client.post().uri(path).exchange().returnResult(String.class));
	}

	final DisconnectScenario mocked(DisconnectScenario scenario, String path) {
		return scenario.given(this::reset).when(() -> this.mvc.perform(post(path)).andReturn());
	}

	private void reset() {
		this.jdbc.execute("create table if not exists note (id bigserial primary key, text text); delete from note");
	}

}
