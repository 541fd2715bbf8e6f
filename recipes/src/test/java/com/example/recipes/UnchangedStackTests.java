package com.example.recipes;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications keep their own stack, with jOOQ or MyBatis too: the beans are those that
 * there are without us, of the same classes, and ours. The pool alone is a subclass of
 * what it was.
 */
class UnchangedStackTests {

	private static final String OURS = "io.github.resilientdb.";

	@ParameterizedTest
	@ValueSource(classes = { Jooq.class, MyBatisRecipeIntegrationTests.Application.class })
	void hasTheBeansThatItHasWithoutUs(Class<?> application) {
		Map<String, String> without = beans(application, "false");
		Map<String, String> with = beans(application, "true");
		assertThat(with).hasSizeGreaterThan(without.size());
		with.entrySet().removeIf(UnchangedStackTests::isOurs);
		assertThat(with).isEqualTo(without);
	}

	private static boolean isOurs(Map.Entry<String, String> bean) {
		return bean.getKey().startsWith("resilient") || bean.getKey().contains(OURS) || bean.getValue().startsWith(OURS)
				|| bean.getKey().equals("springSessionTransactionOperations");
	}

	private static Map<String, String> beans(Class<?> application, String enabled) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
			.web(WebApplicationType.NONE)
			.properties("spring.datasource.url=jdbc:h2:mem:" + application.getName() + enabled,
					"spring.main.banner-mode=off", "resilientdb.enabled=" + enabled)
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

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Jooq {

	}

}
