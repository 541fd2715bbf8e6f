package io.github.resilientdb.integration;

import java.util.List;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.test.proxy.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page about reruns shows works.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		classes = { JdbcApplication.class, RerunDocumentIntegrationTests.Orders.class,
				RerunDocumentIntegrationTests.Client.class, RerunDocumentIntegrationTests.Importer.class })
class RerunDocumentIntegrationTests {

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase("create table orders (text varchar)",
			"create table outbox (id serial primary key, message varchar)");

	@Autowired
	private Orders orders;

	@Autowired
	private Client client;

	@Autowired
	private Importer importer;

	@Autowired
	private Scenario scenario;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	@Test
	void outboxHasEachMessageOnce() {
		database.proxy().arm(Fault.DROP_REQUEST);
		assertThat(this.client.place("book")).isTrue();
		database.proxy().arm(Fault.DROP_REQUEST);
		assertThat(this.orders.nextMessages()).containsExactly("placed book");
		assertThat(this.orders.nextMessages()).isEmpty();
	}

	@Test
	void templateRerunsEachCall() {
		database.proxy().arm(Fault.DROP_REQUEST);
		this.importer.importAll(List.of("a", "b"));
		assertThat(this.scenario.entries()).containsExactly("a", "b");
	}

	static class Orders {

		private final JdbcTemplate jdbc;

		Orders(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@RetryableTransaction
		void placeOrder(String order) {
			this.jdbc.update("insert into orders (text) values (?)", order);
			this.jdbc.update("insert into outbox (message) values (?)", "placed " + order);
		}

		@RetryableTransaction
		List<String> nextMessages() {
			return this.jdbc.queryForList(
					"delete from outbox where id in (select id from outbox order by id limit 10 for update skip locked)"
							+ " returning message",
					String.class);
		}

		boolean isPlaced(String order) {
			return !this.jdbc.queryForList("select 1 from orders where text = ?", order).isEmpty();
		}

	}

	static class Client {

		private final Logger logger = LoggerFactory.getLogger(Client.class);

		private final Orders orders;

		Client(Orders orders) {
			this.orders = orders;
		}

		boolean place(String order) {
			try {
				this.orders.placeOrder(order);
				return true;
			}
			catch (TransactionOutcomeUnknownException ex) {
				this.logger.warn("Looking up whether '{}' was placed: {}", order, ex.getReason());
				return this.orders.isPlaced(order);
			}
		}

	}

	static class Importer {

		private final RetryableTransactionTemplate template;

		private final Scenario scenario;

		Importer(RetryableTransactionTemplate template, Scenario scenario) {
			this.template = template;
			this.scenario = scenario;
		}

		void importAll(List<String> texts) {
			for (String text : texts) {
				this.template.executeWithoutResult((status) -> store(text));
			}
		}

		private void store(String text) {
			this.scenario.insert(text);
		}

	}

}
