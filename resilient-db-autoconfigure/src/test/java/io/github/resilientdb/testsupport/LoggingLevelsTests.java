package io.github.resilientdb.testsupport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoggingLevels}.
 */
class LoggingLevelsTests {

	private final Logger unset = logger(getClass().getName() + ".unset");

	private final Logger set = logger(getClass().getName() + ".set");

	private final Logger root = logger(Logger.ROOT_LOGGER_NAME);

	@Test
	void putsBackWhatAnApplicationHasSet() {
		this.set.setLevel(Level.WARN);
		LoggingLevels.Levels before = LoggingLevels.Levels.now();
		this.set.setLevel(null);
		this.unset.setLevel(Level.OFF);
		Logger created = logger(getClass().getName() + ".created");
		created.setLevel(Level.ERROR);
		this.root.setLevel(Level.ERROR);
		before.putBack();
		assertThat(this.set.getLevel()).isEqualTo(Level.WARN);
		assertThat(this.unset.getLevel()).isNull();
		assertThat(created.getLevel()).isNull();
		assertThat(this.root.getLevel()).isEqualTo(Level.INFO);
	}

	private static Logger logger(String name) {
		return (Logger) LoggerFactory.getLogger(name);
	}

}
