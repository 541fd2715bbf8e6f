package io.github.resilientdb.testsupport;

import java.util.HashMap;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.slf4j.LoggerFactory;

/**
 * Puts the levels of all loggers back at the end of each class of tests. What an
 * application sets with {@code logging.level} outlives it, and would silence those that
 * come later in the same JVM. Found by JUnit itself, so no class needs to name it.
 */
public final class LoggingLevels implements BeforeAllCallback, AfterAllCallback {

	private static final Namespace NAMESPACE = Namespace.create(LoggingLevels.class);

	@Override
	public void beforeAll(ExtensionContext context) {
		if (context.getRequiredTestClass().getEnclosingClass() == null) {
			context.getStore(NAMESPACE).put(Levels.class, Levels.now());
		}
	}

	@Override
	public void afterAll(ExtensionContext context) {
		Levels before = context.getStore(NAMESPACE).remove(Levels.class, Levels.class);
		if (before != null) {
			before.putBack();
		}
	}

	/**
	 * The levels that were set at one time.
	 */
	record Levels(Map<String, @Nullable Level> byLogger) {

		static Levels now() {
			Map<String, @Nullable Level> levels = new HashMap<>();
			for (Logger logger : context().getLoggerList()) {
				levels.put(logger.getName(), logger.getLevel());
			}
			return new Levels(levels);
		}

		/**
		 * Of the root, what Boot sets it to is better than what Logback begins with.
		 */
		void putBack() {
			for (Logger logger : context().getLoggerList()) {
				boolean root = logger.getName().equals(Logger.ROOT_LOGGER_NAME);
				Level before = this.byLogger.get(logger.getName());
				if (logger.getLevel() != before) {
					logger.setLevel(root ? Level.INFO : before);
				}
			}
		}

		private static LoggerContext context() {
			return (LoggerContext) LoggerFactory.getILoggerFactory();
		}

	}

}
