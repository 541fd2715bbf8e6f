package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.github.resilientdb.testsupport.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartupReport}.
 */
@ExtendWith(CapturedLog.Extension.class)
class StartupReportTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final GuardedPools pools = new GuardedPools();

	private final StartupReport report = new StartupReport(this.environment, this.pools,
			new ResilienceLint(Duration.ofSeconds(30), 5), () -> List.of("dataSource", "orders-ds"));

	private void report() {
		ConfigurationPropertySources.attach(this.environment);
		this.report.afterSingletonsInstantiated();
	}

	@Test
	void saysNothingOfWhatHasAnEffect(CapturedLog log) {
		this.environment.withProperty("resilientdb.retry.max-attempts", "3")
			.withProperty("resilientdb.datasources.data-source.size", "3")
			.withProperty("resilientdb.datasources.ordersds.size", "3");
		report();
		assertThat(log.toString()).isEmpty();
	}

	@Test
	void suggestsWhatMayBeMeant(CapturedLog log) {
		this.environment.withProperty("resilientdb.retry.max-atempts", "3");
		report();
		assertThat(log.toString()).startsWith("WARN Unknown property 'resilientdb.retry.max-atempts' (from ")
			.endsWith(" has no effect; did you mean 'resilientdb.retry.max-attempts'?");
	}

	@Test
	void namesTheDataSourcesThereAreIfAnotherOneIsMeant(CapturedLog log) {
		this.environment.withProperty("resilientdb.datasources.order.size", "3")
			.withProperty("resilientdb.datasources.order.timeout", "3s");
		report();
		assertThat(log.toString())
			.isEqualTo("WARN The properties under 'resilientdb.datasources.order' have no effect: "
					+ "there is no such DataSource bean, only [dataSource, orders-ds]");
	}

	@Test
	void makesNoPoolConnect(CapturedLog log) {
		FakePool unused = new FakePool();
		this.pools.add(unused.as("dataSource"));
		this.report.start();
		assertThat(this.report.isRunning()).isTrue();
		assertThat(unused.isRunning()).isFalse();
		this.report.stop();
		assertThat(this.report.isRunning()).isFalse();
		assertThat(log.toString()).isEmpty();
	}

}
