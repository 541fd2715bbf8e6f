package io.github.resilientdb.autoconfigure;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.observe.CallMeters;
import io.github.resilientdb.observe.CallObservations;
import io.github.resilientdb.observe.DefaultRetryableTransactionObservationConvention;
import io.github.resilientdb.observe.ObservationStyle;
import io.github.resilientdb.observe.PoolMeters;
import io.github.resilientdb.observe.RetryableTransactionObservationContext;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.metrics.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ResilientDbMetricsAutoConfiguration} and
 * {@link ResilientDbObservationAutoConfiguration}.
 */
class ResilientDbMetricsAutoConfigurationTests {

	private static final String CLASS = Work.class.getName();

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class,
				DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class,
				ResilientDbDisconnectAutoConfiguration.class, ResilientDbEventsAutoConfiguration.class,
				ResilientDbMetricsAutoConfiguration.class, ResilientDbObservationAutoConfiguration.class,
				ResilientDbPoolAutoConfiguration.class, ResilientDbRetryAutoConfiguration.class))
		.withBean(Work.class)
		.withPropertyValues("spring.datasource.generate-unique-name=true", "spring.datasource.hikari.pool-name=bank",
				"resilientdb.retry.backoff.initial=1ms", "resilientdb.retry.backoff.max=1ms");

	private final ApplicationContextRunner runner = this.plain
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class, ObservationAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				DataSourcePoolMetricsAutoConfiguration.class));

	@Test
	void hasMetersOfEachMethodFromTheStart() {
		this.runner.run((context) -> {
			assertThat(tagValues(registry(context), "resilientdb.transaction", "outcome")).containsExactlyInAnyOrder(
					"success", "recovered", "exhausted", "rejected", "unknown", "interrupted", "error");
			assertThat(tagValues(registry(context), "resilientdb.transaction.retries", "reason"))
				.containsExactlyInAnyOrder("disconnect", "serialization-failure", "deadlock");
			assertThat(registry(context).get("resilientdb.transaction")
				.tags("class", CLASS, "method", "work", "outcome", "unknown", "error",
						"TransactionOutcomeUnknownException")
				.timer()
				.count()).isZero();
			assertThat(registry(context).get("resilientdb.transaction.active").tags("class", CLASS).longTaskTimer())
				.isNotNull();
		});
	}

	@Test
	void hasOnlySeriesThatCanCountFromTheStart() {
		this.runner.run((context) -> assertThat(seriesOf(context, "work")).containsExactlyInAnyOrder("active",
				"deadlock", "disconnect", "serialization-failure", "success none", "recovered none",
				"exhausted CannotCreateTransactionException", "rejected DataAccessResourceFailureException",
				"interrupted CannotCreateTransactionException", "unknown TransactionOutcomeUnknownException",
				"error DataIntegrityViolationException"));
	}

	@Test
	void hasNoSeriesOfWhatIsNotRerun() {
		this.runner.withPropertyValues("resilientdb.retry.reasons=disconnect")
			.run((context) -> assertThat(tagValues(registry(context), "resilientdb.transaction.retries", "reason"))
				.containsExactly("disconnect"));
		this.runner.withPropertyValues("resilientdb.retry.reasons=")
			.run((context) -> assertThat(seriesOf(context, "work")).containsExactlyInAnyOrder("active", "success none",
					"recovered none", "unknown TransactionOutcomeUnknownException",
					"error DataIntegrityViolationException"));
	}

	@Test
	void hasNoSeriesOfRerunsOfAMethodThatHasOneAttempt() {
		this.runner.withBean(Attempts.class).run((context) -> {
			assertThat(seriesOf(context, "one")).contains("exhausted CannotCreateTransactionException")
				.doesNotContain("disconnect", "deadlock", "serialization-failure");
			assertThat(seriesOf(context, "two")).contains("disconnect", "deadlock", "serialization-failure");
		});
		this.runner.withBean(Attempts.class).withPropertyValues("resilientdb.retry.max-attempts=1").run((context) -> {
			assertThat(seriesOf(context, "work")).doesNotContain("disconnect");
			assertThat(seriesOf(context, "two")).contains("disconnect");
		});
	}

	@Test
	void hasMetersOfEachPoolFromTheStart() {
		this.runner.run((context) -> {
			for (String name : List.of("resilientdb.disconnects", "resilientdb.commit.verifications",
					"resilientdb.pool.ping", "resilientdb.pool.invalidated", "resilientdb.outage",
					"resilientdb.outage.active")) {
				assertThat(tagValues(registry(context), name, "pool")).as(name).containsExactly("bank");
			}
			assertThat(tagValues(registry(context), "resilientdb.disconnects", "phase"))
				.containsExactlyInAnyOrder("checkout", "transaction", "commit", "connect");
		});
	}

	@Test
	void tagsPoolsAsHikariDoes() {
		this.runner.withPropertyValues("spring.datasource.hikari.pool-name=").run((context) -> {
			context.getBean(JdbcTemplate.class).execute("select 1");
			assertThat(tagValues(registry(context), "hikaricp.connections", "pool")).hasSize(1)
				.isEqualTo(tagValues(registry(context), "resilientdb.outage", "pool"));
		});
	}

	@Test
	void countsSuccess() {
		this.runner.run((context) -> {
			context.getBean(Work.class).work();
			assertThat(transaction(context, "success", "none").count()).isOne();
		});
	}

	@Test
	void countsRecoveryAndItsReruns() {
		this.runner.run((context) -> {
			context.getBean(Work.class).failWith(lost(), lost()).work();
			assertThat(transaction(context, "recovered", "none").count()).isOne();
			assertThat(transaction(context, "success", "none").count()).isZero();
			assertThat(retries(context)).isEqualTo(2);
		});
	}

	@Test
	void countsExhaustionByItsException() {
		this.runner.withPropertyValues("resilientdb.retry.max-attempts=1").run((context) -> {
			Work work = context.getBean(Work.class).failWith(lost());
			assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(work::work);
			assertThat(transaction(context, "exhausted", "DataAccessResourceFailureException").count()).isOne();
			assertThat(retries(context)).isZero();
		});
	}

	@Test
	void countsBusinessExceptionsAsErrors() {
		this.runner.run((context) -> {
			Work work = context.getBean(Work.class).failWith(new IllegalStateException("business"));
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(work::work);
			assertThat(transaction(context, "error", "IllegalStateException").count()).isOne();
		});
	}

	@Test
	void endsActiveCalls() {
		this.runner.run((context) -> {
			Work work = context.getBean(Work.class);
			List<Integer> active = new ArrayList<>();
			work.during(() -> active.add(registry(context).get("resilientdb.transaction.active")
				.tag("method", "work")
				.longTaskTimer()
				.activeTasks()));
			work.failWith(lost()).work();
			assertThat(active).containsExactly(1, 1);
			assertThat(registry(context).get("resilientdb.transaction.active")
				.tag("method", "work")
				.longTaskTimer()
				.activeTasks()).isZero();
		});
	}

	@Test
	void countsTemplatesUnderOneName() {
		this.runner.run((context) -> {
			RetryableTransactionTemplate template = context.getBean(RetryableTransactionTemplate.class);
			template.with((copy) -> copy.setName("nightly-17")).executeWithoutResult((status) -> {
			});
			assertThat(registry(context).get("resilientdb.transaction")
				.tags("class", RetryableTransactionTemplate.class.getName(), "method", "execute", "outcome", "success")
				.timer()
				.count()).isOne();
		});
	}

	@Test
	void keepsTheTagKeysOfEachMeter() {
		this.runner.run((context) -> {
			Work work = context.getBean(Work.class);
			work.failWith(lost()).work();
			work.failWith(new IllegalStateException("business"));
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(work::work);
			context.getBean(PoolMeters.class).disconnected("bank", "admin-shutdown", Phase.COMMIT, "57P01");
			registry(context).getMeters()
				.stream()
				.filter((meter) -> meter.getId().getName().startsWith("resilientdb."))
				.collect(Collectors.groupingBy((meter) -> meter.getId().getName(), Collectors.mapping(
						(meter) -> meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toSet()),
						Collectors.toSet())))
				.forEach((name, keys) -> assertThat(keys).as(name).hasSize(1));
		});
	}

	@Test
	void limitsTheReasons() {
		this.runner.run((context) -> {
			PoolMeters meters = context.getBean(PoolMeters.class);
			for (int i = 0; i < 1000; i++) {
				meters.invalidated("bank", "reason-" + i, 1);
			}
			Set<String> reasons = tagValues(registry(context), "resilientdb.pool.invalidated", "reason");
			assertThat(reasons).hasSizeLessThan(100).contains("other");
			assertThat(registry(context).get("resilientdb.pool.invalidated")
				.counters()
				.stream()
				.mapToDouble((counter) -> counter.count())
				.sum()).isEqualTo(1000);
		});
	}

	@Test
	void keepsTheCommonTagsOfTheApplication() {
		this.runner
			.withBean("commonTags", MeterRegistryCustomizer.class,
					() -> (registry) -> registry.config().commonTags("region", "north"))
			.run((context) -> {
				context.getBean(Work.class).work();
				assertThat(registry(context).getMeters())
					.filteredOn((meter) -> meter.getId().getName().startsWith("resilientdb."))
					.allMatch((meter) -> "north".equals(meter.getId().getTag("region")));
			});
	}

	@Test
	void countsWhatHappensBeforeThereIsARegistry() {
		PoolMeters meters = new PoolMeters();
		meters.disconnected("bank", "admin-shutdown", Phase.CONNECT, "57P01");
		meters.outageBegan("bank", "admin-shutdown");
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		meters.bindTo(registry);
		assertThat(registry.get("resilientdb.disconnects").tag("reason", "admin-shutdown").counter().count()).isOne();
		assertThat(registry.get("resilientdb.outage.active").longTaskTimer().activeTasks()).isOne();
	}

	@Test
	void countsInAllRegistriesItIsBoundTo() {
		PoolMeters meters = new PoolMeters();
		SimpleMeterRegistry one = new SimpleMeterRegistry();
		SimpleMeterRegistry other = new SimpleMeterRegistry();
		meters.bindTo(one);
		meters.bindTo(other);
		meters.disconnected("bank", "eof", Phase.COMMIT, null);
		for (MeterRegistry registry : List.of(one, other)) {
			assertThat(registry.get("resilientdb.disconnects").tag("reason", "eof").counter().count()).isOne();
		}
	}

	@Test
	void canBeSwitchedOffAsAnObservation() {
		this.runner.withPropertyValues("management.observations.enable.resilientdb=false").run((context) -> {
			context.getBean(Work.class).failWith(lost()).work();
			assertThat(registry(context).find("resilientdb.transaction").timers()).isEmpty();
			assertThat(registry(context).find("resilientdb.transaction.active").longTaskTimers()).isEmpty();
			assertThat(retries(context)).isOne();
		});
	}

	@Test
	void doesWithoutActiveMetersIfTheyAreIgnored() {
		this.runner.withPropertyValues("management.metrics.observations.ignored-meters=long-task-timer")
			.run((context) -> {
				context.getBean(Work.class).work();
				assertThat(transaction(context, "success", "none").count()).isOne();
				assertThat(registry(context).find("resilientdb.transaction.active").longTaskTimers()).isEmpty();
			});
	}

	@Test
	void observesCallsWithAnEventForEachFailedAttempt() {
		TestObservationRegistry observations = TestObservationRegistry.create();
		this.runner.withBean(ObservationRegistry.class, () -> observations).run((context) -> {
			context.getBean(Work.class).failWith(lost(), lost()).work();
			TestObservationRegistryAssert.assertThat(observations)
				.hasSingleObservationThat()
				.hasNameEqualTo("resilientdb.transaction")
				.hasContextualNameEqualTo("ResilientDbMetricsAutoConfigurationTests.Work.work")
				.hasLowCardinalityKeyValue("class", CLASS)
				.hasLowCardinalityKeyValue("method", "work")
				.hasLowCardinalityKeyValue("outcome", "recovered")
				.hasHighCardinalityKeyValue("failed.attempts", "2")
				.hasBeenStopped()
				.doesNotHaveError();
		});
	}

	@Test
	void observesTheExceptionOfTheCall() {
		TestObservationRegistry observations = TestObservationRegistry.create();
		this.runner.withBean(ObservationRegistry.class, () -> observations).run((context) -> {
			Work work = context.getBean(Work.class)
				.failWith(new TransactionOutcomeUnknownException("not-verified", null, null, lost()));
			assertThatExceptionOfType(TransactionOutcomeUnknownException.class).isThrownBy(work::work);
			TestObservationRegistryAssert.assertThat(observations)
				.hasSingleObservationThat()
				.hasBeenStopped()
				.hasError();
		});
	}

	@Test
	void makesTheSameMetersOfObservations() {
		List<Set<Meter.Id>> meters = new ArrayList<>();
		ApplicationContextRunner observed = this.runner.withBean(Handler.class);
		for (ApplicationContextRunner each : List.of(this.runner, observed)) {
			each.run((context) -> {
				Work work = context.getBean(Work.class);
				work.work();
				work.failWith(lost()).work();
				work.failWith(new IllegalStateException("business"));
				assertThatExceptionOfType(IllegalStateException.class).isThrownBy(work::work);
				assertThat(transaction(context, "success", "none").count()).isOne();
				assertThat(transaction(context, "recovered", "none").count()).isOne();
				assertThat(retries(context)).isOne();
				meters.add(registry(context).getMeters()
					.stream()
					.map(Meter::getId)
					.filter((id) -> id.getName().startsWith("resilientdb."))
					.filter((id) -> CLASS.equals(id.getTag("class")))
					.collect(Collectors.toSet()));
				assertThat(context.getBean(ObservationStyle.class).isForMetersOnly())
					.isEqualTo(context.getBeansOfType(Handler.class).isEmpty());
			});
		}
		assertThat(meters.get(0)).isEqualTo(meters.get(1));
	}

	@Test
	void followsTheConventionOfTheApplication() {
		this.runner.withUserConfiguration(ConventionConfiguration.class).run((context) -> {
			context.getBean(Work.class).work();
			Set<Set<String>> keys = registry(context).find("resilientdb.transaction")
				.timers()
				.stream()
				.map((timer) -> timer.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toSet()))
				.collect(Collectors.toSet());
			assertThat(keys).containsExactly(Set.of("class", "method", "outcome", "error", "team"));
			assertThat(transaction(context, "success", "none").count()).isOne();
		});
	}

	@Test
	void appliesTheCommonKeyValuesOfObservations() {
		this.runner.withPropertyValues("management.observations.key-values.region=north").run((context) -> {
			context.getBean(Work.class).work();
			assertThat(registry(context).find("resilientdb.transaction").timers())
				.allMatch((timer) -> "north".equals(timer.getId().getTag("region")));
		});
	}

	@Test
	void doesNothingWithoutMicrometer() {
		this.plain.withClassLoader(new FilteredClassLoader("io.micrometer")).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean("resilientDbCallMeters");
			assertThat(context.getBean(Work.class).failWith(lost()).work()).isEqualTo(2);
		});
	}

	@Test
	void observesWithoutAMeterRegistry() {
		this.plain
			.withClassLoader(
					new FilteredClassLoader("io.micrometer.core", "org.springframework.boot.micrometer.metrics"))
			.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.hasSingleBean(CallObservations.class)
					.doesNotHaveBean("resilientDbCallMeters");
				context.getBean(Work.class).work();
			});
	}

	@Test
	void doesWithoutActuator() {
		this.runner.withClassLoader(new FilteredClassLoader(Endpoint.class.getPackageName())).run((context) -> {
			context.getBean(Work.class).work();
			assertThat(transaction(context, "success", "none").count()).isOne();
		});
	}

	@Test
	void backsOffWhenDisabled() {
		this.runner.withPropertyValues("resilientdb.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(CallMeters.class)
				.doesNotHaveBean(PoolMeters.class)
				.doesNotHaveBean(CallObservations.class));
	}

	private static RuntimeException lost() {
		return new DataAccessResourceFailureException("lost", new SQLException("terminating", "57P01"));
	}

	private static MeterRegistry registry(AssertableApplicationContext context) {
		return context.getBean(MeterRegistry.class);
	}

	private static Timer transaction(AssertableApplicationContext context, String outcome, String error) {
		return registry(context).get("resilientdb.transaction")
			.tags("class", CLASS, "method", "work", "outcome", outcome, "error", error)
			.timer();
	}

	private static double retries(AssertableApplicationContext context) {
		return registry(context).find("resilientdb.transaction.retries")
			.tags("class", CLASS, "method", "work", "reason", "disconnect")
			.counters()
			.stream()
			.mapToDouble(Counter::count)
			.sum();
	}

	// An outcome with its exception, the reason of a rerun, or what goes on
	private static List<String> seriesOf(AssertableApplicationContext context, String method) {
		return registry(context).getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> id.getName().startsWith("resilientdb.") && method.equals(id.getTag("method")))
			.map((id) -> (id.getTag("outcome") != null) ? id.getTag("outcome") + " " + id.getTag("error")
					: (id.getTag("reason") != null) ? id.getTag("reason") : "active")
			.toList();
	}

	private static Set<String> tagValues(MeterRegistry registry, String meter, String tag) {
		return registry.find(meter)
			.meters()
			.stream()
			.map((found) -> found.getId().getTag(tag))
			.collect(Collectors.toSet());
	}

	@Configuration(proxyBeanMethods = false)
	static class ConventionConfiguration {

		@Bean
		DefaultRetryableTransactionObservationConvention convention() {
			return new DefaultRetryableTransactionObservationConvention() {

				@Override
				public KeyValues getLowCardinalityKeyValues(RetryableTransactionObservationContext context) {
					return super.getLowCardinalityKeyValues(context).and("team", "payments");
				}

			};
		}

	}

	static class Handler implements ObservationHandler<Observation.Context> {

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	static class Attempts {

		@RetryableTransaction(maxAttempts = 1)
		public void one() {
		}

		@RetryableTransaction(maxAttempts = 2)
		public void two() {
		}

	}

	public static class Work {

		private final List<RuntimeException> failures = new ArrayList<>();

		private int runs;

		private Runnable during = () -> {
		};

		@Autowired
		private JdbcTemplate jdbc;

		public Work during(Runnable during) {
			this.during = during;
			return this;
		}

		public Work failWith(RuntimeException... failures) {
			this.failures.addAll(List.of(failures));
			return this;
		}

		@RetryableTransaction
		public int work() {
			this.runs++;
			this.during.run();
			this.jdbc.execute("select 1");
			if (!this.failures.isEmpty()) {
				throw this.failures.remove(0);
			}
			return this.runs;
		}

	}

}
