package io.github.resilientdb.integration;

import java.util.HashMap;
import java.util.Map;

import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that was processed ahead of time reruns as any other.
 */
class RerunAheadOfTimeIntegrationTests {

	private static RerunDatabase database;

	private static Map<String, String> previous;

	@BeforeAll
	static void createDatabase() {
		database = new RerunDatabase();
		PostgresServer server = PostgresServer.shared();
		previous = set(Map.of("server", "external", "url", server.jdbcUrl(), "username", server.username(), "password",
				server.password()));
	}

	@AfterAll
	static void closeDatabase() {
		set(previous);
		database.close();
	}

	/**
	 * Tell the classes that the other class loader loads, which know nothing of these,
	 * which server to use: one of their own would outlive them.
	 */
	private static Map<String, String> set(Map<String, String> properties) {
		Map<String, String> previous = new HashMap<>();
		properties.forEach((name, value) -> {
			String key = "resilientdb.test." + name;
			previous.put(name, System.getProperty(key, ""));
			if (value.isEmpty()) {
				System.clearProperty(key);
			}
			else {
				System.setProperty(key, value);
			}
		});
		return previous;
	}

	@Test
	@CompileWithForkedClassLoader
	void reruns() {
		TestGenerationContext generation = new TestGenerationContext(JdbcApplication.class);
		ClassName initializer;
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of(database.properties()).applyTo(context);
			context.register(JdbcApplication.class);
			initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		generation.writeGeneratedContent();
		RuntimeHints hints = generation.getRuntimeHints();
		assertThat(RuntimeHintsPredicates.reflection().onType(Transactions.class)).accepts(hints);
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				TestPropertyValues.of(database.properties()).applyTo(context);
				initialize(context, compiled.getInstance(ApplicationContextInitializer.class, initializer.toString()));
				context.refresh();
				rerun(context.getBean(Transactions.class), context.getBean(Scenario.class));
			}
		});
	}

	@SuppressWarnings({ "rawtypes", "unchecked" })
	private static void initialize(GenericApplicationContext context, ApplicationContextInitializer initializer) {
		initializer.initialize(context);
	}

	private static void rerun(Transactions transactions, Scenario scenario) {
		database.proxy().arm(Fault.DROP_REQUEST);
		try {
			transactions.required(() -> scenario.enterAndDisconnectFirst("call"));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		database.awaitFaults();
		assertThat(scenario.runs("call")).isEqualTo(3);
		assertThat(scenario.entries()).containsExactly("call");
	}

}
