package io.github.resilientdb.jpa;

import java.util.function.Consumer;
import java.util.function.Function;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.autoconfigure.ResilientDbJpaAutoConfiguration;
import io.github.resilientdb.testsupport.PostgresServer;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.support.OpenEntityManagerInViewInterceptor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;

/**
 * An application with JPA on a database of its own, whose connection can be killed. As an
 * extension it goes with the class.
 */
final class JpaTestContext implements AfterAllCallback {

	private final PostgresServer server = PostgresServer.shared();

	private final String database = this.server.createDatabase();

	private final ConfigurableApplicationContext context;

	final HikariDataSource dataSource;

	final EntityManagerFactory entityManagerFactory;

	final EntityManager entityManager;

	final PlatformTransactionManager transactionManager;

	final TransactionTemplate transaction;

	final Reruns reruns;

	JpaTestContext() {
		this((application) -> {
		});
	}

	JpaTestContext(ApplicationContextInitializer<ConfigurableApplicationContext> initializer) {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.datasource.url=" + this.server.jdbcUrl(this.database),
					"spring.datasource.username=" + this.server.username(),
					"spring.datasource.password=" + this.server.password(),
					"spring.datasource.hikari.maximum-pool-size=3", "spring.jpa.hibernate.ddl-auto=create",
					"spring.jpa.properties.hibernate.jdbc.batch_size=5", "spring.main.banner-mode=off")
			.initializers(initializer)
			.run();
		this.dataSource = this.context.getBean(HikariDataSource.class);
		this.entityManagerFactory = this.context.getBean(EntityManagerFactory.class);
		this.entityManager = SharedEntityManagerCreator.createSharedEntityManager(this.entityManagerFactory);
		this.transactionManager = this.context.getBean(PlatformTransactionManager.class);
		this.transaction = new TransactionTemplate(this.transactionManager);
		this.reruns = new Reruns(this.context.getBean(AttemptListener.class), this.transaction, this.entityManager);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/**
	 * Return a transaction of a manager without listeners, as a user may define one.
	 */
	TransactionTemplate unobservedTransaction() {
		return new TransactionTemplate(new JpaTransactionManager(this.entityManagerFactory));
	}

	/**
	 * End the session that the current transaction runs in.
	 */
	void killConnection() {
		Number pid = (Number) this.entityManager.createNativeQuery("select pg_backend_pid()", Integer.class)
			.getSingleResult();
		this.server.terminateBackend(pid.intValue());
	}

	/**
	 * Run a transaction twice: the first attempt loses its connection after its work.
	 */
	<T> @Nullable T rerun(Function<EntityManager, @Nullable T> work) {
		return this.reruns.call((entityManager) -> {
			T result = work.apply(entityManager);
			entityManager.flush();
			if (this.reruns.isFirst()) {
				killConnection();
				entityManager.createNativeQuery("select 1").getSingleResult();
			}
			return result;
		});
	}

	void rerunWithoutResult(Consumer<EntityManager> work) {
		rerun((entityManager) -> {
			work.accept(entityManager);
			return null;
		});
	}

	long count(Class<?> entity) {
		return count("select count(*) from " + entity.getSimpleName());
	}

	@SuppressWarnings("NullAway")
	long count(String query) {
		return this.transaction
			.execute((status) -> this.entityManager.createQuery(query, Long.class).getSingleResult());
	}

	int activeConnections() {
		return this.dataSource.getHikariPoolMXBean().getActiveConnections();
	}

	/**
	 * Begin what open-in-view does for a request.
	 */
	View openView() {
		return new View(this.entityManagerFactory);
	}

	@Override
	public void afterAll(ExtensionContext testClass) {
		this.context.close();
		this.server.dropDatabase(this.database);
	}

	static final class View implements AutoCloseable {

		private final OpenEntityManagerInViewInterceptor interceptor = new OpenEntityManagerInViewInterceptor();

		private final WebRequest request = new ServletWebRequest(new MockHttpServletRequest());

		View(EntityManagerFactory entityManagerFactory) {
			this.interceptor.setEntityManagerFactory(entityManagerFactory);
			this.interceptor.preHandle(this.request);
		}

		@Override
		public void close() {
			this.interceptor.afterCompletion(this.request, null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = Entities.class)
	@EnableJpaRepositories(basePackageClasses = Entities.class, considerNestedRepositories = true)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, HibernateJpaAutoConfiguration.class,
			TransactionAutoConfiguration.class, TransactionManagerCustomizationAutoConfiguration.class,
			ResilientDbJpaAutoConfiguration.class })
	static class Application {

	}

}
