package io.github.resilientdb.test;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JdbcErrorLog}.
 */
class JdbcErrorLogTests {

	private final LoggingSystem system = LoggingSystem.get(getClass().getClassLoader());

	private final JdbcErrorLog log = new JdbcErrorLog(this.system);

	@AfterEach
	void putBack() {
		this.system.setLogLevel(JdbcErrorLog.LOGGER, null);
	}

	@Test
	void isSilentUntilItIsPutBack() {
		this.log.silence();
		assertThat(configured()).isEqualTo(LogLevel.OFF);
		this.log.putBack();
		assertThat(configured()).isNull();
	}

	@Test
	void keepsALevelOfTheApplication() {
		this.system.setLogLevel(JdbcErrorLog.LOGGER, LogLevel.ERROR);
		this.log.silence();
		assertThat(configured()).isEqualTo(LogLevel.ERROR);
		this.log.putBack();
		assertThat(configured()).isEqualTo(LogLevel.ERROR);
	}

	private @Nullable LogLevel configured() {
		LoggerConfiguration configuration = this.system.getLoggerConfiguration(JdbcErrorLog.LOGGER);
		return (configuration != null) ? configuration.getConfiguredLevel() : null;
	}

}
