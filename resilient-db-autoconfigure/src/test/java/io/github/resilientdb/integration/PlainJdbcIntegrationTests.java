package io.github.resilientdb.integration;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that has neither JPA nor Micrometer nor the Actuator on its class path.
 */
class PlainJdbcIntegrationTests {

	@Test
	void aTransactionIsRerun() {
		TestDatabase database = TestDatabase.create();
		new ApplicationContextRunner()
			.withClassLoader(new FilteredClassLoader("jakarta.persistence", "org.hibernate", "org.springframework.orm",
					"org.springframework.data", "io.micrometer", "org.springframework.boot.actuate",
					"org.springframework.boot.health", "org.springframework.web"))
			.withConfiguration(AutoConfigurations.of(OurAutoConfigurations.classes()))
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
					JdbcClientAutoConfiguration.class, TransactionAutoConfiguration.class))
			.withPropertyValues(database.properties().toArray(String[]::new))
			.withUserConfiguration(JdbcNotes.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Notes notes = context.getBean(Notes.class);
				AtomicInteger attempts = new AtomicInteger();
				notes.retryably(() -> {
					notes.write("first");
					if (attempts.incrementAndGet() == 1) {
						database.kill(notes.backend());
					}
					notes.write("second");
					return "done";
				});
				assertThat(attempts).hasValue(2);
				assertThat(notes.read()).containsExactly("first", "second");
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class JdbcNotes {

		@Bean
		Notes notes(JdbcClient jdbc) {
			return new Notes(jdbc, null);
		}

	}

}
