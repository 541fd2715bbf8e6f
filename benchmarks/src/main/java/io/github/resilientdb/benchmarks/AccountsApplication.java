package io.github.resilientdb.benchmarks;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * An application as it is usually built: an entity, its repository, a service, meters.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class AccountsApplication {

	@Bean
	Accounts accounts(AccountRepository repository) {
		return new Accounts(repository);
	}

}
