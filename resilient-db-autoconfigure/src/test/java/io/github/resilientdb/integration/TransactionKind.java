package io.github.resilientdb.integration;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The transaction managers that Spring Boot configures, each in an application of which
 * it configures everything.
 */
enum TransactionKind {

	JPA(JpaTransactionManager.class),

	JDBC(JdbcTransactionManager.class, withoutJpa()),

	DATA_SOURCE(DataSourceTransactionManager.class, withoutJpa(), "spring.dao.exceptiontranslation.enabled=false");

	private final Class<? extends PlatformTransactionManager> type;

	private final List<String> properties;

	TransactionKind(Class<? extends PlatformTransactionManager> type, String... properties) {
		this.type = type;
		this.properties = List.of(properties);
	}

	private static String withoutJpa() {
		return "spring.autoconfigure.exclude=" + HibernateJpaAutoConfiguration.class.getName() + ","
				+ DataJpaRepositoriesAutoConfiguration.class.getName();
	}

	/**
	 * Start an application.
	 * @param properties its properties
	 * @return its context
	 */
	ConfigurableApplicationContext start(String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.flyway.enabled=false", "spring.main.banner-mode=off"));
		all.addAll(this.properties);
		all.addAll(List.of(properties));
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Notes.Application.class)
			.web(WebApplicationType.NONE)
			.run(all.stream().map((property) -> "--" + property).toArray(String[]::new));
		assertThat(context.getBean(PlatformTransactionManager.class)).hasSameClassAs(context.getBean(this.type));
		return context;
	}

	/**
	 * Start an application.
	 * @param database its database
	 * @param properties its further properties
	 * @return its context
	 */
	ConfigurableApplicationContext startWith(TestDatabase database, String... properties) {
		return start(Stream.concat(database.properties().stream(), Stream.of(properties)).toArray(String[]::new));
	}

}
