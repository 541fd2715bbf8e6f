package io.github.resilientdb.benchmarks;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * An application with transactions, but without a database.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
class BystanderApplication {

	@Bean
	PlatformTransactionManager transactionManager() {
		return new IdleTransactionManager();
	}

	@Bean
	Bystander bystander() {
		return new Bystander();
	}

}
