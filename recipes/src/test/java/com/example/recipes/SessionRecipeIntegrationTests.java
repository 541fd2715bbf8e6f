package com.example.recipes;

import java.nio.charset.StandardCharsets;

import io.github.resilientdb.RetryableTransactionTemplate;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sessions that Spring Session stores.
 */
@SpringBootTest(classes = SessionRecipeIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE)
class SessionRecipeIntegrationTests {

	@Autowired
	private JdbcIndexedSessionRepository sessions;

	@Autowired
	private ApplicationContext context;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		RecipeDatabase.register(properties, """
				create table spring_session (primary_id char(36) primary key, session_id char(36) not null unique,
				creation_time bigint not null, last_access_time bigint not null, max_inactive_interval int not null,
				expiry_time bigint not null, principal_name varchar(100))""", """
				create table spring_session_attributes (session_primary_id char(36) references spring_session
				on delete cascade, attribute_name varchar(200), attribute_bytes bytea not null,
				primary key (session_primary_id, attribute_name))""");
	}

	@Test
	void areStoredWhileCommitsAreLost() throws Exception {
		RecipeDatabase.whileCommitsAreLost(() -> store(this.sessions));
	}

	@Test
	void areStoredInAStorm() throws Exception {
		int before = stored();
		RecipeDatabase.inAStorm(() -> {
			for (int i = 0; i < 30; i++) {
				store(this.sessions);
			}
		});
		assertThat(stored() - before).isEqualTo(30);
	}

	private static int stored() {
		return RecipeDatabase
			.query("select attribute_name from spring_session"
					+ " join spring_session_attributes on primary_id = session_primary_id")
			.size();
	}

	private static <S extends Session> void store(SessionRepository<S> sessions) {
		S session = sessions.createSession();
		session.setAttribute("cart", "book");
		sessions.save(session);
		S stored = sessions.findById(session.getId());
		assertThat(stored).isNotNull();
		String cart = stored.getAttribute("cart");
		assertThat(cart).isEqualTo("book");
	}

	@Test
	void leaveInjectionByTypeAlone() {
		assertThat(this.context.getBean(RetryableTransactionTemplate.class)).isNotNull();
		assertThat(this.context.getBeansOfType(RetryableTransactionTemplate.class)).hasSize(1);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		// What Spring Session's configuration does, without a web application
		@Bean
		JdbcIndexedSessionRepository sessions(JdbcTemplate jdbc, ApplicationContext context) {
			JdbcIndexedSessionRepository repository = new JdbcIndexedSessionRepository(jdbc,
					context.getBean("springSessionTransactionOperations", TransactionOperations.class));
			GenericConversionService conversion = new GenericConversionService();
			conversion.addConverter(Object.class, byte[].class,
					(value) -> value.toString().getBytes(StandardCharsets.UTF_8));
			conversion.addConverter(byte[].class, Object.class, (bytes) -> new String(bytes, StandardCharsets.UTF_8));
			repository.setConversionService(conversion);
			return repository;
		}

	}

}
