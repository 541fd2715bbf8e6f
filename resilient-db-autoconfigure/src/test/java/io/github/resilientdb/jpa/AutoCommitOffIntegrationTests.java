package io.github.resilientdb.jpa;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.jpa.Entities.Order;
import io.github.resilientdb.jpa.Entities.OrderRepository;
import io.github.resilientdb.testsupport.PostgresServer;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
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
 * A session that has its connection from before the call, in a pool without auto-commit:
 * the outcome is what the connection saw.
 */
class AutoCommitOffIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	@Test
	void rerunsWhatWasLostOnAConnectionFromBeforeTheCall() {
		String database = server.createDatabase();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + server.jdbcUrl(database),
					"--spring.datasource.username=" + server.username(),
					"--spring.datasource.password=" + server.password(), "--spring.jpa.hibernate.ddl-auto=create",
					"--spring.datasource.hikari.maximum-pool-size=2", "--spring.datasource.hikari.auto-commit=false")) {
			OrderRepository orders = context.getBean(OrderRepository.class);
			Completer completer = context.getBean(Completer.class);
			Object id = orders.save(new Order().addLine("a")).id;
			try (JpaTestContext.View view = new JpaTestContext.View(context.getBean(EntityManagerFactory.class))) {
				assertThat(context.getBean(EntityManager.class).find(Order.class, id).status).isEqualTo("NEW");
				completer.complete(id);
			}
			assertThat(completer.attempts()).isEqualTo(2);
			assertThat(orders.findAll()).singleElement()
				.satisfies((stored) -> assertThat(stored.status).isEqualTo("DONE"));
		}
		finally {
			server.dropDatabase(database);
		}
	}

	static class Completer {

		private final EntityManager entityManager;

		private int attempts;

		Completer(EntityManager entityManager) {
			this.entityManager = entityManager;
		}

		int attempts() {
			return this.attempts;
		}

		@RetryableTransaction
		void complete(Object id) {
			this.entityManager.find(Order.class, id).status = "DONE";
			this.entityManager.flush();
			Integer pid = (Integer) this.entityManager.createNativeQuery("select pg_backend_pid()", Integer.class)
				.getSingleResult();
			if (this.attempts++ == 0) {
				server.terminateBackend(pid);
				this.entityManager.createNativeQuery("select 1").getSingleResult();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Entities.class)
	@EnableJpaRepositories(basePackageClasses = Entities.class, considerNestedRepositories = true)
	@Import(Completer.class)
	static class Application {

	}

}
