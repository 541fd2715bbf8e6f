package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.actuate.ResilientDbEndpoint;
import io.github.resilientdb.observe.PoolJournal;
import io.github.resilientdb.retry.RetryableTransactionPostProcessor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the endpoint.
 */
@AutoConfiguration(after = { ResilientDbPoolAutoConfiguration.class, ResilientDbEventsAutoConfiguration.class })
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnResilientDb
@ConditionalOnBean(GuardedPools.class)
@ConditionalOnAvailableEndpoint(ResilientDbEndpoint.class)
public final class ResilientDbEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ResilientDbEndpoint resilientDbEndpoint(GuardedPools pools, PoolJournal journal, ApplicationContext context,
			ObjectProvider<RetryableTransactionPostProcessor> retries) {
		EffectiveSettings settings = new EffectiveSettings(context, pools);
		return new ResilientDbEndpoint(pools, journal, settings::ofAll, settings::ofPools,
				() -> retries.stream().flatMap((retry) -> retry.selectedMethods().stream()).toList());
	}

}
