package com.example.bank.embedded;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * The bank's own PostgreSQL, unless the profile {@code postgres} says that there is
 * another.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!postgres")
public class EmbeddedDatabaseConfiguration {

	@Bean
	EmbeddedDatabase embeddedDatabase() {
		return new EmbeddedDatabase();
	}

}
