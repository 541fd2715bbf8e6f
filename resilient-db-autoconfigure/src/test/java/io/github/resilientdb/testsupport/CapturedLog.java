package io.github.resilientdb.testsupport;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.LoggerFactory;

/**
 * What is logged from INFO up while a test runs, by the starter and by HikariCP: a line
 * each, level first. Whatever an application that ran before in the same JVM has left of
 * its logging does not matter, which can't be said of captured output.
 */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements CharSequence {

	private static final List<String> LOGGERS = List.of("io.github.resilientdb", "com.zaxxer.hikari");

	// what an application that ran before may have set beneath
	private static final List<String> LEVELS = List.of("io.github.resilientdb", "io.github.resilientdb.pool",
			"com.zaxxer.hikari");

	private final Queue<String> lines = new ConcurrentLinkedQueue<>();

	private CapturedLog() {
	}

	private static CapturedLog begin() {
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		context.resetTurboFilterList(); // of a logging system that was never initialised
		CapturedLog log = new CapturedLog();
		log.setContext(context);
		log.start();
		LEVELS.forEach((name) -> context.getLogger(name).setLevel(Level.INFO));
		LOGGERS.forEach((name) -> context.getLogger(name).addAppender(log));
		return log;
	}

	/**
	 * Capture from DEBUG up, from now on.
	 */
	public void includeDebug() {
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		LEVELS.forEach((name) -> context.getLogger(name).setLevel(Level.DEBUG));
	}

	private void end() {
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		LOGGERS.forEach((name) -> context.getLogger(name).detachAppender(this));
		LEVELS.forEach((name) -> context.getLogger(name).setLevel(null));
		stop();
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.lines.add(event.getLevel() + " " + event.getFormattedMessage());
	}

	@Override
	public int length() {
		return toString().length();
	}

	@Override
	public char charAt(int index) {
		return toString().charAt(index);
	}

	@Override
	public CharSequence subSequence(int start, int end) {
		return toString().subSequence(start, end);
	}

	@Override
	public String toString() {
		return this.lines.stream().collect(Collectors.joining("\n"));
	}

	/**
	 * Resolves parameters of type {@link CapturedLog}.
	 */
	public static final class Extension implements ParameterResolver, AfterEachCallback {

		private static final Namespace NAMESPACE = Namespace.create(CapturedLog.class);

		@Override
		public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
			return parameter.getParameter().getType() == CapturedLog.class;
		}

		@Override
		public CapturedLog resolveParameter(ParameterContext parameter, ExtensionContext context) {
			CapturedLog log = begin();
			context.getStore(NAMESPACE).put(CapturedLog.class, log);
			return log;
		}

		@Override
		public void afterEach(ExtensionContext context) {
			CapturedLog log = context.getStore(NAMESPACE).remove(CapturedLog.class, CapturedLog.class);
			if (log != null) {
				log.end();
			}
		}

	}

}
