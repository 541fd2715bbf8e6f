package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of all runs of a test class, written when the tests have ended.
 */
final class DisconnectReport implements AutoCloseable {

	private final Class<?> testClass;

	private final Map<String, List<Finding>> findings = new LinkedHashMap<>();

	DisconnectReport(Class<?> testClass) {
		this.testClass = testClass;
	}

	synchronized void add(String test, Finding finding) {
		this.findings.computeIfAbsent(test, (name) -> new ArrayList<>()).add(finding);
	}

	@Override
	public synchronized void close() {
	}

	@Override
	public String toString() {
		return this.testClass.getSimpleName();
	}

}
