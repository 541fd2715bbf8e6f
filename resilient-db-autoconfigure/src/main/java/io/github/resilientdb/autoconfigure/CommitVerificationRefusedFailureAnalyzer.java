package io.github.resilientdb.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

import io.github.resilientdb.commit.CommitVerificationUnavailableException;
import io.github.resilientdb.commit.MarkerTableUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Tells what the verification that was asked for lacks, and the SQL that provides it.
 */
final class CommitVerificationRefusedFailureAnalyzer
		extends AbstractFailureAnalyzer<CommitVerificationRefusedException> {

	private static final String PROPERTY = "resilientdb.commit.verification";

	private static final List<String> MARKER_PROPERTIES = List.of("resilientdb.commit.marker.initialize-schema",
			"resilientdb.commit.marker.schema", "resilientdb.commit.marker.table");

	private static final String OTHER_VERIFICATION = "set " + PROPERTY + " to 'auto', which takes what there is";

	private static final String OTHER_TABLE = "set resilientdb.commit.marker.schema and resilientdb.commit.marker.table "
			+ "to where the role may create it";

	private final Environment environment;

	CommitVerificationRefusedFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, CommitVerificationRefusedException cause) {
		CommitVerificationUnavailableException refusal = cause.getRefusal();
		boolean marker = refusal instanceof MarkerTableUnavailableException;
		String description = """
				Lost COMMITs of DataSource '%s' can't be verified as configured:

				%s
				    Reason: %s""".formatted(cause.getBeanName(),
				marker ? markerProperties() : property(PROPERTY, WrittenValues.of(refusal.getVerification())),
				refusal.getMissing());
		String action = """
				%s

				Or %s, or exclude the DataSource with resilientdb.datasources.%s.enabled=false."""
			.formatted(remedy(refusal.getRemedy()), marker ? OTHER_TABLE : OTHER_VERIFICATION, cause.getBeanName());
		return new FailureAnalysis(description, action, cause);
	}

	private String markerProperties() {
		return MARKER_PROPERTIES.stream()
			.filter(this.environment::containsProperty)
			.map((name) -> property(name, this.environment.getProperty(name)))
			.collect(Collectors.joining("\n"));
	}

	private String property(String name, @Nullable String value) {
		String origin = PropertyOrigins.find(this.environment, name);
		return """
				Property: %s
				Value: %s
				Origin: %s""".formatted(name, value, (origin != null) ? origin : "default").indent(4).stripTrailing();
	}

	private static String remedy(String remedy) {
		return remedy.endsWith(".") ? remedy : "Run this, in a migration for example:\n\n" + remedy.strip();
	}

}
