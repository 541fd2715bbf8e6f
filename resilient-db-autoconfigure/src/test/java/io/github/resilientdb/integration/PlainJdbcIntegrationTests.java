package io.github.resilientdb.integration;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import io.github.resilientdb.RetryableTransaction;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
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
			.withConfiguration(AutoConfigurations.of(withoutEndpoint()))
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
					JdbcClientAutoConfiguration.class, TransactionAutoConfiguration.class))
			.withPropertyValues(database.properties().toArray(String[]::new))
			.withBean(Writer.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Writer writer = context.getBean(Writer.class);
				AtomicInteger attempts = new AtomicInteger();
				writer.write("first", "second", (backend) -> {
					if (attempts.incrementAndGet() == 1) {
						database.kill(backend);
					}
				});
				assertThat(attempts).hasValue(2);
				assertThat(context.getBean(JdbcClient.class).sql("select text from note").query(String.class).list())
					.containsExactly("first", "second");
			});
	}

	// Without Actuator nobody reads that class: imports are filtered by name
	private static Class<?>[] withoutEndpoint() {
		return Arrays.stream(OurAutoConfigurations.classes())
			.filter((type) -> !type.getSimpleName().equals("ResilientDbEndpointAutoConfiguration"))
			.toArray(Class<?>[]::new);
	}

	// Public, since its proxy is in the filtered class loader
	public static class Writer {

		private final JdbcClient jdbc;

		public Writer(JdbcClient jdbc) {
			this.jdbc = jdbc;
		}

		@RetryableTransaction
		public void write(String first, String second, IntConsumer between) {
			write(first);
			between.accept(this.jdbc.sql("select pg_backend_pid()").query(Integer.class).single());
			write(second);
		}

		private void write(String text) {
			this.jdbc.sql("insert into note (text) values (?)").param(text).update();
		}

	}

}
