package io.github.resilientdb.integration;

import java.time.Duration;

import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A database of a test class, behind a proxy that breaks the network. As an extension of
 * a test with an application it begins each test with an empty {@link Scenario}, and ends
 * it when its faults have fired and the pool is idle.
 */
final class RerunDatabase implements AutoCloseable, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final PostgresServer server = PostgresServer.shared();

	private final String name = this.server.createDatabase();

	private final FaultProxy proxy = FaultProxy.inFrontOf(this.server);

	/**
	 * Create a database with the table {@code note}.
	 * @param statements what else it needs
	 */
	RerunDatabase(String... statements) {
		execute("create table note (id serial primary key, text varchar not null)");
		execute(statements);
	}

	void register(DynamicPropertyRegistry properties) {
		properties.add("spring.datasource.url", this::url);
		properties.add("spring.datasource.username", this.server::username);
		properties.add("spring.datasource.password", this.server::password);
		properties.add("spring.datasource.hikari.maximum-pool-size", () -> 4);
		properties.add("spring.flyway.enabled", () -> false);
		properties.add("spring.jpa.hibernate.ddl-auto", () -> "create");
	}

	String[] properties() {
		return new String[] { "spring.datasource.url=" + url(), "spring.datasource.username=" + this.server.username(),
				"spring.datasource.password=" + this.server.password(), "spring.datasource.hikari.maximum-pool-size=4",
				"spring.main.banner-mode=off", "spring.flyway.enabled=false" };
	}

	String url() {
		return this.proxy.jdbcUrl(this.name);
	}

	String name() {
		return this.name;
	}

	FaultProxy proxy() {
		return this.proxy;
	}

	/**
	 * Wait until all armed faults have fired. The client may know of one, and have called
	 * again, before it counts as fired.
	 */
	void awaitFaults() {
		this.proxy.awaitFault(PATIENCE);
	}

	/**
	 * Disarm the faults of a test, all of which must have fired: without its fault a test
	 * shows nothing.
	 */
	void disarm() {
		try {
			if (this.proxy.faultsArmed() > 0) {
				awaitFaults();
			}
		}
		finally {
			this.proxy.disarm();
		}
	}

	void execute(String... statements) {
		this.server.executeIn(this.name, statements);
	}

	@Override
	public void beforeEach(ExtensionContext test) {
		scenario(test).ifAvailable(Scenario::reset);
	}

	@Override
	public void afterEach(ExtensionContext test) {
		disarm();
		scenario(test).ifAvailable(Scenario::awaitIdlePool);
	}

	private static ObjectProvider<Scenario> scenario(ExtensionContext test) {
		return SpringExtension.getApplicationContext(test).getBeanProvider(Scenario.class);
	}

	@Override
	public void afterAll(ExtensionContext testClass) {
		close();
	}

	@Override
	public void close() {
		this.proxy.close();
		this.server.dropDatabase(this.name);
	}

}
