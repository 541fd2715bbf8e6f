package io.github.resilientdb.benchmarks;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * An application with entities, whose transactions don't use the database.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class EntityBystanderApplication {

	@Bean
	PlatformTransactionManager transactionManager() {
		return new IdleTransactionManager();
	}

	@Bean
	Bystander bystander() {
		return new Bystander();
	}

}
