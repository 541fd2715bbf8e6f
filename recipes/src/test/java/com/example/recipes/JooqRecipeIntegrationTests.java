package com.example.recipes;

import java.util.List;
import java.util.stream.IntStream;

import io.github.resilientdb.RetryableTransactionTemplate;
import org.jooq.DSLContext;
import org.jooq.TransactionalCallable;
import org.jooq.TransactionalRunnable;
import org.jooq.impl.DefaultDSLContext;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Transactions that jOOQ begins.
 */
@SpringBootTest(classes = JooqRecipeIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE)
class JooqRecipeIntegrationTests {

	@Autowired
	private DSLContext dsl;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		RecipeDatabase.register(properties, "create table jooq_order (text varchar)");
	}

	@Test
	void areRerun() throws Exception {
		RecipeDatabase.whileCommitsAreLost(() -> this.dsl
			.transaction((configuration) -> configuration.dsl().execute("insert into jooq_order values ('book')")));
		assertThat(RecipeDatabase.query("select text from jooq_order where text = 'book'")).hasSize(3);
	}

	@Test
	void areRerunInAStorm() throws Exception {
		List<String> orders = IntStream.range(0, 60).mapToObj((i) -> "order " + i).toList();
		RecipeDatabase.inAStorm(() -> orders.forEach((order) -> this.dsl
			.transaction((configuration) -> configuration.dsl().execute("insert into jooq_order values (?)", order))));
		assertThat(RecipeDatabase.query("select text from jooq_order where text like 'order%'"))
			.containsExactlyInAnyOrderElementsOf(orders);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		DSLContext dslContext(org.jooq.Configuration configuration, RetryableTransactionTemplate template) {
			return new RetryableDsl(configuration, template);
		}

	}

	@SuppressWarnings("serial")
	static class RetryableDsl extends DefaultDSLContext {

		private final transient RetryableTransactionTemplate template;

		RetryableDsl(org.jooq.Configuration configuration, RetryableTransactionTemplate template) {
			super(configuration);
			this.template = template;
		}

		@Override
		public <T> T transactionResult(TransactionalCallable<T> transactional) {
			return this.template.execute((status) -> super.transactionResult(transactional));
		}

		@Override
		public void transaction(TransactionalRunnable transactional) {
			this.template.executeWithoutResult((status) -> super.transaction(transactional));
		}

	}

}
