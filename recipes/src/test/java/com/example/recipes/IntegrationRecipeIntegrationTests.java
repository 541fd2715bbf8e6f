package com.example.recipes;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.Pollers;
import org.springframework.integration.jdbc.inbound.JdbcPollingChannelAdapter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Pollers of Spring Integration.
 */
@SpringBootTest(classes = IntegrationRecipeIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE)
class IntegrationRecipeIntegrationTests {

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		RecipeDatabase.register(properties, "create table inbox (id serial primary key, text varchar)",
				"create table handled (id int, text varchar)");
	}

	@Test
	void areRerunAsAWhole() {
		for (Fault kind : List.of(Fault.DROP_REQUEST, Fault.DROP_RESPONSE)) {
			ArmedFault fault = RecipeDatabase.arm(kind);
			RecipeDatabase.execute("insert into inbox (text) values ('message')");
			await().atMost(RecipeDatabase.PATIENCE).until(fault::isFired);
			await().atMost(RecipeDatabase.PATIENCE).until(IntegrationRecipeIntegrationTests::isEverythingHandled);
		}
		await().atMost(RecipeDatabase.PATIENCE)
			.untilAsserted(() -> assertThat(RecipeDatabase.query("select id from handled where id < 1000"))
				.containsExactly("1", "2"));
	}

	@Test
	void areRerunInAStorm() throws Exception {
		RecipeDatabase.inAStorm(() -> {
			RecipeDatabase.execute("insert into inbox (id, text) select n, 'storm' from generate_series(1001, 1040) n");
			await().atMost(RecipeDatabase.PATIENCE).until(IntegrationRecipeIntegrationTests::isEverythingHandled);
		});
		assertThat(RecipeDatabase.query("select id from handled where id > 1000"))
			.containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1001, 1040).mapToObj(String::valueOf).toList());
	}

	private static boolean isEverythingHandled() {
		return RecipeDatabase.query("select id from inbox").isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableIntegration
	static class Application {

		@Bean
		IntegrationFlow inbox(DataSource dataSource, RetryableTransactionTemplate template, JdbcTemplate jdbc) {
			JdbcPollingChannelAdapter source = new JdbcPollingChannelAdapter(dataSource,
					"delete from inbox where id in (select id from inbox order by id limit 1 for update skip locked)"
							+ " returning id, text");
			return IntegrationFlow
				.from(source, (adapter) -> adapter.poller(Pollers.fixedDelay(50).advice(rerunning(template))))
				.split()
				.handle((message) -> jdbc.update("insert into handled (id) values (?)",
						((Map<?, ?>) message.getPayload()).get("id")))
				.get();
		}

		private static MethodInterceptor rerunning(RetryableTransactionTemplate template) {
			return (invocation) -> template.execute((status) -> {
				try {
					return ((ProxyMethodInvocation) invocation).invocableClone().proceed();
				}
				catch (RuntimeException | Error ex) {
					throw ex;
				}
				catch (Throwable ex) {
					throw new IllegalStateException(ex);
				}
			});
		}

	}

}
