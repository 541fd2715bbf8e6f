package io.github.resilientdb.test;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/**
 * The beans that {@link DisconnectTest} adds.
 */
@Configuration(proxyBeanMethods = false)
class DisconnectTestConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static DisconnectProbe disconnectProbe() {
		return new DisconnectProbe();
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ProxiedDataSources proxiedDataSources(DisconnectProbe probe) {
		return new ProxiedDataSources(probe);
	}

}
