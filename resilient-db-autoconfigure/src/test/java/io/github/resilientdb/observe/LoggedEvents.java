package io.github.resilientdb.observe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * What this package logs from INFO up while a test runs, with its key-values.
 */
final class LoggedEvents implements BeforeEachCallback, AfterEachCallback {

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.resilientdb.observe");

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private Level before;

	@Override
	public void beforeEach(ExtensionContext context) {
		this.before = this.logger.getLevel();
		this.logger.setLevel(Level.INFO);
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@Override
	public void afterEach(ExtensionContext context) {
		this.logger.detachAppender(this.appender);
		this.logger.setLevel(this.before);
	}

	void level(Level level) {
		this.logger.setLevel(level);
	}

	List<ILoggingEvent> events() {
		return this.appender.list;
	}

	static Map<String, Object> keyValues(ILoggingEvent event) {
		Map<String, Object> keyValues = new TreeMap<>();
		event.getKeyValuePairs().forEach((pair) -> keyValues.put(pair.key, pair.value));
		return keyValues;
	}

}
