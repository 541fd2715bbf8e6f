package io.github.resilientdb.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What came of all runs of a test class, written when the tests have ended: to the log,
 * and to {@code disconnect-tests} in the directory of the build.
 */
final class DisconnectReport implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(DisconnectReport.class);

	private final Class<?> testClass;

	private final Path project;

	private final Map<String, Matrix> matrices = new LinkedHashMap<>();

	private final Set<String> notLookedAt = new TreeSet<>();

	DisconnectReport(Class<?> testClass) {
		this(testClass, Path.of(""));
	}

	/**
	 * Create a report.
	 * @param testClass the test class
	 * @param project the directory of the project, in which the build has its own
	 */
	DisconnectReport(Class<?> testClass, Path project) {
		this.testClass = testClass;
		this.project = project;
	}

	/**
	 * Begin a scenario. Each use of one is told apart from the others, whatever its name
	 * is: their round trips need not be the same.
	 * @param scenario its name
	 * @return what its runs are added to
	 */
	synchronized Matrix begin(String scenario) {
		String name = scenario;
		for (int i = 2; this.matrices.containsKey(name); i++) {
			name = scenario + " #" + i;
		}
		Matrix matrix = new Matrix(name);
		this.matrices.put(name, matrix);
		return matrix;
	}

	/**
	 * Say what no scenario has looked at.
	 */
	synchronized void notLookedAt(Collection<String> lines) {
		this.notLookedAt.addAll(lines);
	}

	@Override
	public synchronized void close() throws IOException {
		String title = "Disconnects in " + this.testClass.getSimpleName();
		String text = TextSummary.of(title, this.notLookedAt, this.matrices.values());
		Path directory = Files.createDirectories(buildDirectory().resolve("disconnect-tests"));
		Path page = directory.resolve(this.testClass.getName() + ".html");
		Files.writeString(page, HtmlSummary.of(title, this.notLookedAt, this.matrices.values()));
		Files.writeString(directory.resolve(this.testClass.getName() + ".txt"), text);
		logger.info(text + "\nAs a page: " + page);
	}

	private Path buildDirectory() {
		Path gradle = this.project.resolve("build");
		Path maven = this.project.resolve("target");
		return (Files.isDirectory(gradle) && !Files.isDirectory(maven)) ? gradle : maven;
	}

}
