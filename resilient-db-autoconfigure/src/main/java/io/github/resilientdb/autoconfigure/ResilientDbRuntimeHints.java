package io.github.resilientdb.autoconfigure;

import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What is found by its name (by the driver, by Hibernate, and on the class path), and
 * proxies.
 */
final class ResilientDbRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection()
			.registerTypeIfPresent(classLoader, "io.github.resilientdb.pool.WireSocketFactory",
					MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS)
			.registerTypeIfPresent(classLoader, "io.github.resilientdb.jpa.EntityRecordingIntegrator",
					MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
		hints.proxies()
			.registerJdkProxy(ResultSet.class)
			.registerJdkProxy(CallableStatement.class)
			.registerJdkProxy(DatabaseMetaData.class);
		hints.resources()
			.registerPattern("META-INF/services/org.hibernate.integrator.spi.Integrator")
			.registerPattern("io/github/resilientdb/commit/postgresql/*.sql");
	}

}
