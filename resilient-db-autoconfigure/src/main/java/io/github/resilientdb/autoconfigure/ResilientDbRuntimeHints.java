package io.github.resilientdb.autoconfigure;

import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.util.List;

import io.github.resilientdb.RetryableTransaction;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What is found by its name (by the driver, by Hibernate, by us, and on the class path),
 * what is looked into by reflection, and proxies.
 */
final class ResilientDbRuntimeHints implements RuntimeHintsRegistrar {

	// Of which we ask whether they are there: a native image answers that they are not
	private static final List<String> ASKED_FOR = List.of("org.postgresql.Driver", "org.postgresql.PGConnection",
			"org.postgresql.util.PSQLException", "org.springframework.data.domain.Persistable",
			"org.springframework.data.relational.core.mapping.RelationalMappingContext",
			"org.springframework.boot.micrometer.observation.autoconfigure.ObservationRegistryCustomizer");

	// Whose fields are copied with the configuration of a pool, read, or put back before
	// a rerun
	private static final List<String> FIELDS = List.of("com.zaxxer.hikari.HikariConfig",
			"org.postgresql.core.v3.QueryExecutorImpl", "org.springframework.batch.core.Entity",
			"org.springframework.batch.core.job.JobExecution", "org.springframework.data.domain.AbstractAggregateRoot",
			"org.hibernate.collection.spi.AbstractPersistentCollection",
			"org.hibernate.collection.spi.PersistentArrayHolder", "org.hibernate.collection.spi.PersistentBag",
			"org.hibernate.collection.spi.PersistentIdentifierBag", "org.hibernate.collection.spi.PersistentList",
			"org.hibernate.collection.spi.PersistentMap", "org.hibernate.collection.spi.PersistentSet",
			"org.hibernate.collection.spi.PersistentSortedMap", "org.hibernate.collection.spi.PersistentSortedSet",
			"org.hibernate.proxy.AbstractLazyInitializer",
			"org.hibernate.bytecode.enhance.spi.interceptor.AbstractInterceptor",
			"org.hibernate.bytecode.enhance.spi.interceptor.LazyAttributeLoadingInterceptor",
			"org.hibernate.bytecode.enhance.spi.interceptor.EnhancementAsProxyLazinessInterceptor");

	// Which are asked for their DataSource, or for what they are doing or must not do
	private static final List<String> METHODS = List.of("org.hibernate.engine.spi.CollectionEntry",
			"org.postgresql.core.BaseConnection", "org.springframework.jdbc.datasource.DataSourceTransactionManager",
			"org.springframework.jdbc.support.JdbcTransactionManager",
			"org.springframework.orm.jpa.JpaTransactionManager",
			"org.springframework.orm.jpa.hibernate.HibernateTransactionManager");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		register(hints, classLoader, ASKED_FOR);
		register(hints, classLoader, FIELDS, MemberCategory.ACCESS_DECLARED_FIELDS);
		register(hints, classLoader, METHODS, MemberCategory.INVOKE_PUBLIC_METHODS);
		register(hints, classLoader,
				List.of("io.github.resilientdb.pool.socket.WireSocketFactory",
						"io.github.resilientdb.jpa.EntityRecordingIntegrator"),
				MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
		KnownProperties.ALL.types()
			.forEach((type) -> hints.reflection().registerType(type, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS));
		hints.proxies()
			.registerJdkProxy(RetryableTransaction.class)
			.registerJdkProxy(ResultSet.class)
			.registerJdkProxy(CallableStatement.class)
			.registerJdkProxy(DatabaseMetaData.class);
		hints.resources()
			.registerPattern("META-INF/services/org.hibernate.integrator.spi.Integrator")
			.registerPattern("io/github/resilientdb/commit/postgresql/*.sql");
	}

	private static void register(RuntimeHints hints, @Nullable ClassLoader classLoader, List<String> types,
			MemberCategory... categories) {
		types.forEach((type) -> hints.reflection().registerTypeIfPresent(classLoader, type, categories));
	}

}
