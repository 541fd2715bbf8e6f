package io.github.resilientdb.test;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;

/**
 * What Hibernate logs of each exception of JDBC, which with a fault at every round trip
 * is a flood. It is silenced while a test runs, unless it has a level of its own: levels
 * are those of the JVM, and other tests are to see what they always saw.
 */
final class JdbcErrorLog {

	static final String LOGGER = "org.hibernate.orm.jdbc.error";

	private final LoggingSystem system;

	private boolean silenced;

	JdbcErrorLog(LoggingSystem system) {
		this.system = system;
	}

	void silence() {
		LoggerConfiguration configuration = this.system.getLoggerConfiguration(LOGGER);
		if (configuration == null || configuration.getConfiguredLevel() == null) {
			this.system.setLogLevel(LOGGER, LogLevel.OFF);
			this.silenced = true;
		}
	}

	void putBack() {
		if (this.silenced) {
			this.system.setLogLevel(LOGGER, null);
			this.silenced = false;
		}
	}

}
