package io.github.resilientdb.test;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Says of a start-up that failed which server a proxy stands before: the analysis knows
 * the address of the proxy only.
 */
final class ProxyPortReporter implements FailureAnalysisReporter {

	private static final Log logger = LogFactory.getLog(ProxyPortReporter.class);

	@Override
	public void report(FailureAnalysis analysis) {
		String explanation = ProxyPorts.explain(analysis.getDescription() + "\n" + analysis.getAction());
		if (!explanation.isEmpty()) {
			logger.error(explanation + " Read its address instead, and look there.");
		}
	}

}
