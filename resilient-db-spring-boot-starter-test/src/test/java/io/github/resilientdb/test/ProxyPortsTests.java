package io.github.resilientdb.test;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whom messages speak of.
 */
class ProxyPortsTests {

	@Test
	void areThoseOfTheServersBehind() {
		ProxyPorts.add(61, "db.example:5432");
		assertThat(ProxyPorts.name("Connection to 127.0.0.1:61 refused, localhost:61, 127.0.0.1:62"))
			.isEqualTo("Connection to db.example:5432 refused, db.example:5432, 127.0.0.1:62");
		assertThat(ProxyPorts.explain("psql -h 127.0.0.1 -p 61, again 61, 610, 62"))
			.isEqualTo("Port 61 is that of the proxy that @DisconnectTest has put before db.example:5432.");
		assertThat(ProxyPorts.explain("nothing of 62")).isEmpty();
	}

}
