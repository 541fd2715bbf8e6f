package com.example.bank.show;

import com.example.bank.embedded.EmbeddedDatabase;
import com.example.bank.trial.FaultTimes;
import com.example.bank.trial.Trial;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableConfigurationProperties(ShowProperties.class)
class ShowConfiguration {

	@Bean
	Trial trial(ConfigurableEnvironment environment, JdbcConnectionDetails details,
			ObjectProvider<EmbeddedDatabase> server) {
		return new Trial(environment, details, server.getIfAvailable(), FaultTimes.DEFAULT);
	}

	@Bean
	Tour tour(Trial trial) {
		return new Tour(trial.breaker(), Tour.CALM);
	}

	@Bean
	Show show(ShowProperties properties, Trial trial, Tour tour) {
		return new Show(properties, trial, tour, Show.TICK);
	}

}
