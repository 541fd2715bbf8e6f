package io.github.resilientdb.jpa;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.jpa.Entities.Order;
import io.github.resilientdb.jpa.Entities.OrderRepository;
import io.github.resilientdb.testsupport.PostgresServer;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for persistence contexts and entities with everything auto-configured.
 */
class RetryablePersistenceIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + server.jdbcUrl(database),
					"--spring.datasource.username=" + server.username(),
					"--spring.datasource.password=" + server.password(), "--spring.jpa.hibernate.ddl-auto=create",
					"--spring.datasource.hikari.maximum-pool-size=2", "--spring.main.banner-mode=off");
	}

	@AfterAll
	static void stop() {
		context.close();
		server.dropDatabase(database);
	}

	@AfterEach
	void nothingIsLeftBehind() {
		assertThat(JpaAttempt.current()).isNull();
		assertThat(context.getBean(HikariDataSource.class).getHikariPoolMXBean().getActiveConnections()).isZero();
	}

	@Test
	void insertsAnArgumentAgain() {
		Order order = new Order().addLine("a");
		Orders orders = context.getBean(Orders.class);
		orders.reset();
		orders.place(order);
		assertThat(orders.attempts()).isEqualTo(2);
		assertThat(context.getBean(OrderRepository.class).findById(order.id)).isPresent();
	}

	@Test
	void rerunsUnderOpenInView() {
		Orders orders = context.getBean(Orders.class);
		orders.reset();
		Order stored = context.getBean(OrderRepository.class).save(new Order().addLine("a"));
		try (JpaTestContext.View view = new JpaTestContext.View(context.getBean(EntityManagerFactory.class))) {
			Order completed = orders.complete(stored.id);
			assertThat(orders.attempts()).isEqualTo(2);
			assertThat(completed.lines).hasSize(1);
		}
		assertThat(context.getBean(OrderRepository.class).findById(stored.id)).get()
			.extracting((order) -> order.status)
			.isEqualTo("DONE");
	}

	static class Orders {

		private final OrderRepository orders;

		private final EntityManager entityManager;

		private int attempts;

		Orders(OrderRepository orders, EntityManager entityManager) {
			this.orders = orders;
			this.entityManager = entityManager;
		}

		void reset() {
			this.attempts = 0;
		}

		int attempts() {
			return this.attempts;
		}

		@RetryableTransaction
		void place(Order order) {
			this.orders.saveAndFlush(order);
			loseTheFirst();
		}

		@RetryableTransaction
		Order complete(Object id) {
			Order order = this.orders.findById((Long) id).orElseThrow();
			order.status = "DONE";
			loseTheFirst();
			return order;
		}

		private void loseTheFirst() {
			Integer pid = (Integer) this.entityManager.createNativeQuery("select pg_backend_pid()", Integer.class)
				.getSingleResult();
			if (this.attempts++ == 0) {
				server.terminateBackend(pid);
			}
			this.orders.count();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Entities.class)
	@EnableJpaRepositories(basePackageClasses = Entities.class, considerNestedRepositories = true)
	@Import(Orders.class)
	static class Application {

	}

}
