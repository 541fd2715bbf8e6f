package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.jpa.EntityRecordingIntegrator;
import io.github.resilientdb.pool.socket.WireSocketFactory;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is found by its name is known ahead of time.
 */
class ResilientDbRuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	@Test
	void areRegistered() throws Exception {
		AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.forEach((registrar) -> registrar.registerHints(this.hints, getClass().getClassLoader()));
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(WireSocketFactory.class.getConstructor(String.class))).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(EntityRecordingIntegrator.class.getConstructor())).accepts(this.hints);
		assertThat(
				RuntimeHintsPredicates.reflection().onFieldAccess("org.hibernate.collection.spi.PersistentBag", "bag"))
			.accepts(this.hints);
		assertThat(RuntimeHintsPredicates.resource()
			.forResource("META-INF/services/org.hibernate.integrator.spi.Integrator")).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.resource()
			.forResource("io/github/resilientdb/commit/postgresql/resilientdb-commit-marker.sql")).accepts(this.hints);
	}

}
