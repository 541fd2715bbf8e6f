package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.observe.CallObservations;
import io.github.resilientdb.observe.ObservationStyle;
import io.github.resilientdb.observe.RetryableTransactionObservationConvention;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the observation of calls.
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnResilientDb
public final class ResilientDbObservationAutoConfiguration {

	@Bean
	ObservationStyle resilientDbObservationStyle(ConfigurableListableBeanFactory beanFactory) {
		return new ObservationStyle(beanFactory);
	}

	/**
	 * First, so that what the others log and publish belongs to the observation.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	CallObservations resilientDbCallObservations(ObservationStyle style, ObjectProvider<ObservationRegistry> registry,
			ObjectProvider<RetryableTransactionObservationConvention> convention) {
		return new CallObservations(() -> new CallObservations.Source(
				(style.isEnabled() && !style.isForMetersOnly()) ? registry.getIfAvailable() : null,
				convention.getIfAvailable()));
	}

}
