package io.github.resilientdb.autoconfigure;

import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What is found by its name (by the driver, by Hibernate, and on the class path), and
 * proxies.
 */
final class ResilientDbRuntimeHints implements RuntimeHintsRegistrar {

	// Whose fields are put back before a rerun
	private static final List<String> LAZY = List.of("org.springframework.data.domain.AbstractAggregateRoot",
			"org.hibernate.collection.spi.AbstractPersistentCollection",
			"org.hibernate.collection.spi.PersistentArrayHolder", "org.hibernate.collection.spi.PersistentBag",
			"org.hibernate.collection.spi.PersistentIdentifierBag", "org.hibernate.collection.spi.PersistentList",
			"org.hibernate.collection.spi.PersistentMap", "org.hibernate.collection.spi.PersistentSet",
			"org.hibernate.collection.spi.PersistentSortedMap", "org.hibernate.collection.spi.PersistentSortedSet",
			"org.hibernate.proxy.AbstractLazyInitializer",
			"org.hibernate.bytecode.enhance.spi.interceptor.AbstractInterceptor",
			"org.hibernate.bytecode.enhance.spi.interceptor.LazyAttributeLoadingInterceptor",
			"org.hibernate.bytecode.enhance.spi.interceptor.EnhancementAsProxyLazinessInterceptor");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection()
			.registerTypeIfPresent(classLoader, "io.github.resilientdb.pool.socket.WireSocketFactory",
					MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS)
			.registerTypeIfPresent(classLoader, "io.github.resilientdb.jpa.EntityRecordingIntegrator",
					MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
		hints.proxies()
			.registerJdkProxy(ResultSet.class)
			.registerJdkProxy(CallableStatement.class)
			.registerJdkProxy(DatabaseMetaData.class);
		LAZY.forEach((name) -> hints.reflection()
			.registerTypeIfPresent(classLoader, name, MemberCategory.ACCESS_DECLARED_FIELDS));
		hints.resources()
			.registerPattern("META-INF/services/org.hibernate.integrator.spi.Integrator")
			.registerPattern("io/github/resilientdb/commit/postgresql/*.sql");
	}

}
