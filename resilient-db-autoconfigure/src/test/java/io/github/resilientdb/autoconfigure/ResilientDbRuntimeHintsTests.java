package io.github.resilientdb.autoconfigure;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.util.regex.MatchResult;

import com.zaxxer.hikari.HikariConfig;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.jpa.EntityRecordingIntegrator;
import io.github.resilientdb.pool.socket.WireSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.BaseConnection;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is found by its name, and looked into by reflection, is known ahead of time.
 */
class ResilientDbRuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	ResilientDbRuntimeHintsTests() {
		AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(ResilientDbRuntimeHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(this.hints, getClass().getClassLoader()));
	}

	@Test
	void whatOthersFindByItsNameCanBeMade() throws Exception {
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(WireSocketFactory.class.getConstructor(String.class))).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(EntityRecordingIntegrator.class.getConstructor())).accepts(this.hints);
	}

	@Test
	void whatWeFindByItsNameCanBeFound() {
		assertThat(Pages.files(Path.of("src/main/java"), ".java")
			.filter((file) -> !file.endsWith("ResilientDbRuntimeHints.java"))
			.map(Pages::read)
			.flatMap((source) -> Pages
				.matches("(?:isPresent|resolveClassName|forName)\\(\\s*(?:\"(?<name>[\\w.]+)\"|(?<constant>[A-Z_]+))",
						source)
				.map((found) -> name(found, source)))
			.distinct()).hasSizeGreaterThan(5)
			.allSatisfy((name) -> assertThat(ClassUtils.isPresent(name, null)).as(name).isTrue())
			.allSatisfy(
					(name) -> assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(name))).as(name)
						.accepts(this.hints));
	}

	private static String name(MatchResult found, String source) {
		if (found.group(1) != null) {
			return found.group(1);
		}
		String value = Pages.matches(" " + found.group(2) + " = ([^;]+);", source)
			.findFirst()
			.orElseThrow()
			.group(1)
			.replaceAll("[\"\\s+]", "");
		return value.startsWith("BOOT") ? "org.springframework.boot." + value.substring("BOOT".length()) : value;
	}

	@ParameterizedTest
	@CsvSource({ "org.hibernate.collection.spi.PersistentBag, bag",
			"org.springframework.data.domain.AbstractAggregateRoot," + "domainEvents",
			"org.postgresql.core.v3.QueryExecutorImpl, lockedFor" })
	void fieldsOfOthersCanBeReached(String type, String field) throws Exception {
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(type, field)).accepts(this.hints);
	}

	@Test
	void theConfigurationOfAPoolCanBeCopied() {
		for (Field field : HikariConfig.class.getDeclaredFields()) {
			assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(field)).as(field.getName())
				.accepts(this.hints);
		}
	}

	@Test
	void methodsOfOthersCanBeInvoked() throws Exception {
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(BaseConnection.class.getMethod("getQueryExecutor"))).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(JpaTransactionManager.class.getMethod("getDataSource"))).accepts(this.hints);
	}

	@Test
	void propertiesCanBeListed() {
		assertThat(KnownProperties.ALL.types()).contains(RetryProperties.Backoff.class,
				DataSourcesProperties.OfDataSource.class);
		for (Class<?> type : KnownProperties.ALL.types()) {
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
				.as(type.getName())
				.accepts(this.hints);
		}
	}

	@ParameterizedTest
	@ValueSource(
			classes = { RetryableTransaction.class, ResultSet.class, CallableStatement.class, DatabaseMetaData.class })
	void proxiesCanBeMade(Class<?> type) {
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(type)).accepts(this.hints);
	}

	@ParameterizedTest
	@ValueSource(strings = { "META-INF/services/org.hibernate.integrator.spi.Integrator",
			"io/github/resilientdb/commit/postgresql/resilientdb-commit-marker.sql" })
	void resourcesCanBeRead(String resource) {
		assertThat(RuntimeHintsPredicates.resource().forResource(resource)).accepts(this.hints);
	}

}
