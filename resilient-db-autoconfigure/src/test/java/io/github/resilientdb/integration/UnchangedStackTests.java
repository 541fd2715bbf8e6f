package io.github.resilientdb.integration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications keep their own stack: the beans are those that there are without us, of
 * the same classes, and ours. The pool alone is a subclass of what it was.
 */
class UnchangedStackTests {

	private static final String OURS = "io.github.resilientdb.";

	@ParameterizedTest
	@EnumSource
	void hasTheBeansThatItHasWithoutUs(Stack stack) {
		Map<String, String> without = beans(stack, List.of());
		Map<String, String> with = beans(stack, List.of(OurAutoConfigurations.classes()));
		Map<String, String> others = new TreeMap<>(with);
		others.entrySet().removeIf((bean) -> bean.getKey().startsWith("resilient") || isOurs(bean));
		assertThat(others).isEqualTo(without);
		assertThat(with).hasSizeGreaterThan(without.size());
	}

	private static boolean isOurs(Map.Entry<String, String> bean) {
		boolean application = bean.getValue().startsWith(UnchangedStackTests.class.getName());
		return bean.getKey().contains(OURS) || (bean.getValue().startsWith(OURS) && !application);
	}

	private static Map<String, String> beans(Stack stack, List<Class<?>> additional) {
		List<Class<?>> sources = new ArrayList<>(List.of(stack.application));
		sources.addAll(additional);
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
			.web(WebApplicationType.NONE)
			.properties("spring.datasource.url=jdbc:h2:mem:" + stack, "spring.main.banner-mode=off",
					"spring.main.log-startup-info=false")
			.run()) {
			Map<String, String> beans = new TreeMap<>();
			for (String name : context.getBeanDefinitionNames()) {
				beans.put(name, type(context.getBean(name)));
			}
			return beans;
		}
	}

	private static String type(Object bean) {
		if (bean instanceof DataSource) {
			assertThat(bean).isInstanceOf(HikariDataSource.class);
			return HikariDataSource.class.getName();
		}
		Class<?> type = AopUtils.getTargetClass(bean);
		return (type.isHidden() || type.isSynthetic() || type.getName().contains("$Proxy"))
				? Stream.of(type.getInterfaces()).map(Class::getName).toList().toString() : type.getName();
	}

	/**
	 * What an application may be built on.
	 */
	enum Stack {

		JDBC(PlainJdbc.class), DATA_JDBC(DataJdbc.class), DATA_JPA(DataJpa.class), JOOQ(Jooq.class);

		private final Class<?> application;

		Stack(Class<?> application) {
			this.application = application;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class,
			TransactionAutoConfiguration.class })
	static class PlainJdbc {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class,
			DataJdbcRepositoriesAutoConfiguration.class })
	@AutoConfigurationPackage(basePackages = "none")
	static class DataJdbc {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			TransactionAutoConfiguration.class, JooqAutoConfiguration.class })
	static class Jooq {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, HibernateJpaAutoConfiguration.class,
			JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class,
			DataJpaRepositoriesAutoConfiguration.class })
	@AutoConfigurationPackage(basePackages = "none")
	static class DataJpa {

	}

}
