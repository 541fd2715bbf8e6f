package io.github.resilientdb.autoconfigure;

import java.util.Set;
import java.util.stream.Collectors;

import io.github.resilientdb.CallName;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.observe.CallMeters;
import io.github.resilientdb.observe.CallObservations;
import io.github.resilientdb.observe.CallTimings;
import io.github.resilientdb.observe.ObservationStyle;
import io.github.resilientdb.observe.PoolMeters;
import io.github.resilientdb.retry.RetryableTransactionPostProcessor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler.IgnoredMeters;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the meters.
 */
@AutoConfiguration(
		after = { ResilientDbPoolAutoConfiguration.class, ResilientDbObservationAutoConfiguration.class,
				ResilientDbRetryAutoConfiguration.class },
		afterName = {
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnResilientDb
public final class ResilientDbMetricsAutoConfiguration {

	private static final String IGNORED_METERS = "management.metrics.observations.ignored-meters";

	@Bean
	PoolMeters resilientDbPoolMeters() {
		return new PoolMeters();
	}

	@Bean
	CallMeters resilientDbCallMeters(ObjectProvider<ObservationStyle> observations, Environment environment,
			ObjectProvider<RetryableTransactionPostProcessor> methods) {
		RetryProperties retry = PropertyGroups.of(environment).read("resilientdb.retry", RetryProperties.DEFAULTS);
		Set<String> reasons = retry.reasons().stream().map(WrittenValues::of).collect(Collectors.toSet());
		CallMeters meters = new CallMeters(reasons,
				(call) -> methods.stream().allMatch((found) -> found.isRerun(call, retry.maxAttempts())),
				() -> timings(observations.getIfAvailable(), environment));
		meters.callKnown(CallName.TEMPLATE);
		return meters;
	}

	private static CallTimings timings(@Nullable ObservationStyle observations, Environment environment) {
		if (observations == null || observations.isForMetersOnly()) {
			return CallTimings.meters(isActiveWanted(environment));
		}
		return observations.isEnabled() ? CallTimings.observations(observations::complete) : CallTimings.none();
	}

	private static boolean isActiveWanted(Environment environment) {
		return !Binder.get(environment)
			.bind(IGNORED_METERS, Bindable.setOf(IgnoredMeters.class))
			.orElse(Set.of())
			.contains(IgnoredMeters.LONG_TASK_TIMER);
	}

	@Bean
	static SmartInitializingSingleton resilientDbPoolMetersInitializer(ObjectProvider<GuardedPools> pools,
			ObjectProvider<PoolMeters> meters) {
		return () -> pools.ifAvailable((guarded) -> guarded.getPools()
			.values()
			.stream()
			.map(ConnectionPool::getName)
			.filter((name) -> name != null)
			.forEach(meters.getObject()::poolKnown));
	}

	/**
	 * Handlers of observations count events. What they would count is counted by
	 * {@code resilientdb.transaction.retries}, with its reason.
	 */
	@Bean
	static MeterFilter resilientDbEventCountersFilter() {
		String name = "resilientdb.transaction." + CallObservations.ATTEMPT_FAILED;
		return MeterFilter.deny((id) -> id.getName().equals(name));
	}

}
