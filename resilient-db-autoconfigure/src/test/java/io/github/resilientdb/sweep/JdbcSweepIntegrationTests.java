package io.github.resilientdb.sweep;

import java.util.stream.Stream;

import io.github.resilientdb.sweep.JdbcPrograms.Listeners;
import io.github.resilientdb.sweep.JdbcPrograms.Service;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.test.Disconnects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A fault at every round trip of ordinary programs with JDBC and Spring Data JDBC.
 */
@SpringBootTest(classes = JdbcSweepIntegrationTests.Application.class, properties = "logging.level.root=error")
@DisconnectTest
class JdbcSweepIntegrationTests {

	@RegisterExtension
	static final SweepDatabase database = new SweepDatabase(String.join(";", JdbcPrograms.TABLES));

	@Autowired
	private JdbcPrograms programs;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties, 3);
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
		return this.programs.all()
			.stream()
			.map((program) -> sweep.test(program, disconnects.scenario(program.name()).given(this.programs::reset)));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	@EnableJdbcRepositories(basePackageClasses = JdbcPrograms.class, considerNestedRepositories = true)
	@Import({ JdbcPrograms.class, Service.class, Listeners.class, Retryably.class })
	static class Application {

	}

}
