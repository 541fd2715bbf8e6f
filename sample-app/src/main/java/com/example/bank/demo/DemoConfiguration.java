package com.example.bank.demo;

import java.time.Duration;

import com.example.bank.embedded.EmbeddedDatabase;
import com.example.bank.embedded.EmbeddedDatabaseConfiguration;
import com.example.bank.trial.FaultTimes;
import com.example.bank.trial.Trial;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Only what the demonstration needs: the bank itself, with its web server, stays closed.
 */
@Configuration(proxyBeanMethods = false)
@Profile("demo & !postgres")
@EnableConfigurationProperties(DemoProperties.class)
@Import(EmbeddedDatabaseConfiguration.class)
class DemoConfiguration {

	@Bean
	Trial trial(DemoProperties properties, EmbeddedDatabase database, ConfigurableEnvironment environment) {
		Duration longest = properties.duration().dividedBy(3);
		return new Trial(environment, database, database, FaultTimes.DEFAULT.atMost(longest));
	}

	@Bean
	Demonstration demonstration(DemoProperties properties, Trial trial) {
		return new Demonstration(properties, trial, System.out::println, Demonstration.SETTLED);
	}

}
