package io.github.resilientdb.integration;

import io.github.resilientdb.testsupport.Fault;
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

	@BeforeAll
	static void createDatabase() {
		database = new RerunDatabase();
	}

	@AfterAll
	static void closeDatabase() {
		database.close();
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
		assertThat(database.proxy().faultsFired()).isEqualTo(1);
		assertThat(scenario.runs("call")).isEqualTo(3);
		assertThat(scenario.entries()).containsExactly("call");
	}

}
