package io.github.resilientdb.autoconfigure;

import java.util.List;
import java.util.Map;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.actuate.ResilientDbEndpoint;
import io.github.resilientdb.actuate.ResilientDbEndpoint.Description;
import io.github.resilientdb.observe.PoolJournal;
import io.github.resilientdb.observe.PoolJournal.Disconnect;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.core.type.MethodMetadata;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResilientDbEndpointAutoConfiguration}.
 */
class ResilientDbEndpointAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class, DataSourceAutoConfiguration.class,
						ResilientDbDisconnectAutoConfiguration.class, ResilientDbEventsAutoConfiguration.class,
						ResilientDbPoolAutoConfiguration.class, ResilientDbEndpointAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	private final WebApplicationContextRunner exposed = this.runner
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=resilientdb");

	@Test
	void isNotThereUnlessExposed() {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ResilientDbEndpoint.class));
	}

	@Test
	void onlyReadsByDefault() {
		this.exposed.run((context) -> assertThat(operations(context)).containsExactly(OperationType.READ));
	}

	@Test
	void listsTheMethodsThatAPatternSelects() {
		this.exposed
			.withConfiguration(AutoConfigurations.of(DataSourceTransactionManagerAutoConfiguration.class,
					TransactionAutoConfiguration.class, ResilientDbRetryAutoConfiguration.class))
			.withBean(Work.class)
			.withPropertyValues("resilientdb.retry.methods=*")
			.run((context) -> assertThat(context.getBean(ResilientDbEndpoint.class).description().methods())
				.containsExactly(Work.class.getName() + ".work"));
	}

	@Test
	void discardsWhereAccessIsGranted() {
		this.exposed.withPropertyValues("management.endpoint.resilientdb.access=UNRESTRICTED")
			.run((context) -> assertThat(operations(context)).containsExactlyInAnyOrder(OperationType.READ,
					OperationType.DELETE));
	}

	@Test
	void isNotThereWhereAccessIsDenied() {
		this.exposed.withPropertyValues("management.endpoint.resilientdb.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(ResilientDbEndpoint.class));
	}

	@Test
	void isNotThereWhenDisabled() {
		this.exposed.withPropertyValues("resilientdb.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ResilientDbEndpoint.class));
	}

	@Test
	void isNotThereWithoutActuator() {
		this.runner.withClassLoader(new FilteredClassLoader(Endpoint.class.getPackageName()))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("resilientDbEndpoint"));
	}

	@Test
	void tellsWhereSettingsComeFrom() {
		this.exposed
			.withPropertyValues("resilientdb.pool.recycle=20m", "resilientdb.retry.reasons[0]=deadlock",
					"resilientdb.datasources.dataSource.size=3", "spring.datasource.hikari.connection-timeout=4000")
			.withSystemProperties("resilientdb.retry.deadline=7s")
			.run((context) -> {
				Description description = context.getBean(ResilientDbEndpoint.class).description();
				assertThat(description.settings().get("resilientdb.retry.deadline")).satisfies((setting) -> {
					assertThat(setting.value()).isEqualTo("7s");
					assertThat(setting.origin()).contains("resilientdb.retry.deadline");
				});
				assertThat(description.settings().get("resilientdb.retry.reasons").value()).isEqualTo("deadlock");
				assertThat(description.settings().get("resilientdb.commit.fence").origin()).isEqualTo("default");
				Map<String, ResilientDbEndpoint.Setting> pool = description.pools().get(0).settings();
				assertThat(pool.get("size").value()).isEqualTo("3");
				assertThat(pool.get("size").origin()).contains("resilientdb.datasources.dataSource.size");
				assertThat(pool.get("timeout").value()).isEqualTo("4s");
				assertThat(pool.get("timeout").origin()).contains("spring.datasource.hikari.connection-timeout");
				assertThat(pool.get("recycle").value()).isEqualTo("20m");
				assertThat(pool.get("ping-after").origin()).isEqualTo("default");
				assertThat(pool.get("ping-after").value()).isEqualTo("500ms");
			});
	}

	@Test
	void tellsThatTheDeadlineLimitsTheTimeout() {
		this.exposed
			.withPropertyValues("resilientdb.retry.deadline=7s", "spring.datasource.hikari.max-lifetime=1200000")
			.run((context) -> {
				Map<String, ResilientDbEndpoint.Setting> pool = context.getBean(ResilientDbEndpoint.class)
					.description()
					.pools()
					.get(0)
					.settings();
				assertThat(pool.get("timeout").value()).isEqualTo("7s");
				assertThat(pool.get("timeout").origin()).startsWith("resilientdb.retry.deadline (");
				assertThat(pool.get("recycle").origin()).contains("spring.datasource.hikari.max-lifetime");
				assertThat(pool.get("size").origin()).isEqualTo("HikariCP's configuration");
			});
	}

	@Test
	void allBeansBearOurName() {
		this.exposed.run((context) -> {
			for (String name : context.getBeanDefinitionNames()) {
				MethodMetadata method = (context.getBeanFactory()
					.getBeanDefinition(name) instanceof AnnotatedBeanDefinition annotated)
							? annotated.getFactoryMethodMetadata() : null;
				if (method != null && method.getDeclaringClassName().startsWith("io.github.resilientdb.")) {
					assertThat(name).startsWith("resilientDb");
				}
			}
		});
	}

	@Test
	void remembersTheLastTwentyDisconnects() {
		this.exposed.run((context) -> {
			PoolJournal journal = context.getBean(PoolJournal.class);
			for (int i = 0; i < 30; i++) {
				journal.disconnected("pool-" + i, "eof", Phase.CHECKOUT, null);
			}
			List<Disconnect> disconnects = context.getBean(ResilientDbEndpoint.class).description().disconnects();
			assertThat(disconnects).hasSize(20);
			assertThat(disconnects.get(0).pool()).isEqualTo("pool-29");
		});
	}

	private static List<OperationType> operations(AssertableWebApplicationContext context) {
		return context.getBean(WebEndpointsSupplier.class)
			.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint.getEndpointId().toString().equals("resilientdb"))
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.map((operation) -> operation.getType())
			.toList();
	}

	static class Work {

		@Transactional
		public void work() {
		}

	}

}
