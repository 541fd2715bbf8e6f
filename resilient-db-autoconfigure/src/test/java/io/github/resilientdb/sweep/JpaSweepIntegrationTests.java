package io.github.resilientdb.sweep;

import java.util.stream.Stream;

import io.github.resilientdb.sweep.JpaPrograms.Listeners;
import io.github.resilientdb.sweep.JpaPrograms.Service;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.test.Disconnects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A fault at every round trip of ordinary programs with JPA.
 */
@SpringBootTest(classes = JpaSweepIntegrationTests.Application.class, properties = "logging.level.root=error")
@AutoConfigureMockMvc
@DisconnectTest
class JpaSweepIntegrationTests {

	@RegisterExtension
	static final SweepDatabase database = new SweepDatabase(
			"create table outbox (id bigserial primary key, topic text, payload text, "
					+ "created_at timestamptz not null default now())");

	@Autowired
	private JpaPrograms programs;

	@Autowired
	private WebPrograms requests;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties, 3);
		properties.add("spring.jpa.hibernate.ddl-auto", () -> "create");
	}

	@TestFactory
	Stream<DynamicTest> survivesSomeFaults(Disconnects disconnects) {
		return tests(Sweep.oneIn(11), disconnects);
	}

	@TestFactory
	@Tag("soak")
	Stream<DynamicTest> survivesEveryFault(Disconnects disconnects) {
		return tests(Sweep.complete(), disconnects);
	}

	private Stream<DynamicTest> tests(Sweep sweep, Disconnects disconnects) {
		return Stream.concat(this.programs.all().stream(), this.requests.all().stream())
			.map((program) -> sweep.test(program, disconnects.scenario(program.name()).given(this.programs::reset)));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Shop.class)
	@EnableJpaRepositories(basePackageClasses = Shop.class, considerNestedRepositories = true)
	@Import({ JpaPrograms.class, Service.class, Listeners.class, Retryably.class, ShopController.class,
			WebPrograms.class })
	static class Application {

	}

}
