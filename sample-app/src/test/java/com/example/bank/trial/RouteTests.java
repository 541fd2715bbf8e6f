package com.example.bank.trial;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RouteTests {

	@ParameterizedTest
	@CsvSource({ "jdbc:postgresql://db/bank,db,5432,jdbc:postgresql://127.0.0.1:99/bank",
			"jdbc:postgresql://db:5433/bank?sslmode=require&a=b,db,5433,"
					+ "jdbc:postgresql://127.0.0.1:99/bank?sslmode=require&a=b",
			"jdbc:postgresql://10.0.0.1:1/,10.0.0.1,1,jdbc:postgresql://127.0.0.1:99/" })
	void leadsThroughAProxy(String url, String host, int port, String through) {
		Route route = Route.to(url);
		assertThat(route.host()).isEqualTo(host);
		assertThat(route.port()).isEqualTo(port);
		assertThat(route.obstacle()).isNull();
		assertThat(route.through("127.0.0.1", 99)).isEqualTo(through);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "jdbc:postgresql://a:1,b:2/bank", "jdbc:postgresql:bank", "jdbc:postgresql://[::1]:1/bank" })
	void needsOneServer(String url) {
		assertThat(Route.to(url).host()).isNull();
		assertThat(Route.to(url).obstacle()).contains("exactly one server");
	}

	@Test
	void doesNotPretendToBeAServerThatIsVerified() {
		assertThat(Route.to("jdbc:postgresql://db/bank?sslmode=verify-full").obstacle()).contains("verify-full");
	}

}
