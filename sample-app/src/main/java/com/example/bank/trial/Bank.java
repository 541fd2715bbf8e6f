package com.example.bank.trial;

import java.util.Map;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * One of the three banks: an application without a web server, configured as this one is.
 */
class Bank implements AutoCloseable {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	/**
	 * Open a bank.
	 * @param lane which one
	 * @param environment the settings of this application
	 * @param database the address and the account of the database
	 */
	Bank(LaneKind lane, ConfigurableEnvironment environment, TrialDatabase.Access database) {
		StandardEnvironment own = new StandardEnvironment();
		own.merge(environment);
		own.getPropertySources()
			.addFirst(new MapPropertySource("bank",
					Map.of("spring.datasource.url", database.url(), "spring.datasource.username", database.username(),
							"spring.datasource.password", database.password(), "spring.datasource.hikari.pool-name",
							lane.id(), "spring.flyway.enabled", false, "spring.jpa.open-in-view", false,
							"spring.jmx.enabled", false, "resilientdb.enabled", lane == LaneKind.RETRYABLE)));
		ConfigurationPropertySources.attach(own);
		this.context.setEnvironment(own);
		this.context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
		this.context.setDisplayName(lane.id());
		this.context.register(BankConfiguration.of(lane));
		this.context.refresh();
	}

	Transfers transfers() {
		return this.context.getBean(Transfers.class);
	}

	BankObserver observer() {
		return this.context.getBean(BankObserver.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * Opens a bank.
	 */
	@FunctionalInterface
	interface Opener {

		Bank open(LaneKind lane, ConfigurableEnvironment environment, TrialDatabase.Access database);

	}

}
