package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Gives test methods what they break connections with, and mends everything afterwards.
 */
final class DisconnectExtension implements ParameterResolver, BeforeEachCallback, AfterEachCallback {

	private static final Log logger = LogFactory.getLog(DisconnectExtension.class);

	private static final Namespace NAMESPACE = Namespace.create(DisconnectExtension.class);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		Class<?> type = parameter.getParameter().getType();
		return type == DisconnectScenario.class || type == Disconnects.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		DisconnectProbe probe = probe(context);
		Disconnects disconnects = new Disconnects(probe, (scenario) -> {
			DisconnectReport report = report(context);
			report.notLookedAt(probe.notLookedAt());
			return report.begin(scenario + invocation(context));
		});
		if (parameter.getParameter().getType() == DisconnectScenario.class) {
			DisconnectScenario scenario = disconnects.scenario(context.getRequiredTestMethod().getName());
			context.getStore(NAMESPACE).computeIfAbsent(Scenarios.class).all().add(scenario.use());
			return scenario;
		}
		probe.requireSource();
		return disconnects;
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		probe(context);
		JdbcErrorLog log = new JdbcErrorLog(LoggingSystem.get(DisconnectExtension.class.getClassLoader()));
		log.silence();
		context.getStore(NAMESPACE).put(JdbcErrorLog.class, log);
	}

	@Override
	public void afterEach(ExtensionContext context) {
		JdbcErrorLog log = context.getStore(NAMESPACE).remove(JdbcErrorLog.class, JdbcErrorLog.class);
		if (log != null) {
			log.putBack();
		}
		probe(context).mend();
		Scenarios scenarios = context.getStore(NAMESPACE).remove(Scenarios.class, Scenarios.class);
		if (scenarios != null && context.getExecutionException().isEmpty()) {
			ScenarioUse.require(scenarios.all());
		}
	}

	private static DisconnectProbe probe(ExtensionContext context) {
		ApplicationContext application = SpringExtension.getApplicationContext(context);
		DisconnectProbe probe = application.getBean(DisconnectProbe.class);
		if (probe.begin()) {
			// data sources that are lazy get their proxies now
			application.getBeansOfType(DataSource.class);
			probe.findRows();
			if (application instanceof AbstractApplicationContext listenable) {
				probe.recorder().attachTo(listenable);
			}
			List<String> settings = new ArrayList<>();
			for (String name : List.of("resilientdb.retry.backoff.initial", "resilientdb.retry.backoff.max",
					"resilientdb.watchdog.after", "resilientdb.retry.budget.burst")) {
				settings.add(name + "=" + application.getEnvironment().getProperty(name));
			}
			logger.info("For this test context: " + String.join(", ", settings));
		}
		return probe;
	}

	/**
	 * Return which invocation it is of a test, or of its class, that has several.
	 */
	private static String invocation(ExtensionContext context) {
		String outer = context.getParent().map(DisconnectExtension::invocation).orElse("");
		String id = context.getUniqueId();
		return id.substring(id.lastIndexOf('/') + 1).contains("-invocation:")
				? outer + " " + context.getDisplayName().replaceAll("\\s+", " ") : outer;
	}

	private static DisconnectReport report(ExtensionContext context) {
		return context.getRoot()
			.getStore(NAMESPACE)
			.computeIfAbsent(context.getRequiredTestClass(), DisconnectReport::new, DisconnectReport.class);
	}

	/**
	 * The scenarios that a test method was given.
	 */
	static final class Scenarios {

		private final List<ScenarioUse> all = new ArrayList<>();

		List<ScenarioUse> all() {
			return this.all;
		}

	}

}
