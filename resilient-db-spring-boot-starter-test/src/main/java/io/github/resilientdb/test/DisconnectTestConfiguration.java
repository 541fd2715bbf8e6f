package io.github.resilientdb.test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans that {@link DisconnectTest} adds.
 */
@Configuration(proxyBeanMethods = false)
class DisconnectTestConfiguration {

	@Bean
	static DisconnectProbe disconnectProbe() {
		return new DisconnectProbe();
	}

	@Bean
	static ProxiedDataSources proxiedDataSources(DisconnectProbe probe) {
		return new ProxiedDataSources(probe);
	}

}
