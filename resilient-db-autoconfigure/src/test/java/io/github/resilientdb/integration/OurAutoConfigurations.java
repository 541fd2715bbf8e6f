package io.github.resilientdb.integration;

import java.util.List;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.util.ClassUtils;

/**
 * What the starter adds to Spring Boot's auto-configurations.
 */
final class OurAutoConfigurations {

	private OurAutoConfigurations() {
	}

	static List<String> names() {
		return ImportCandidates.load(AutoConfiguration.class, OurAutoConfigurations.class.getClassLoader())
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("io.github.resilientdb."))
			.toList();
	}

	static Class<?>[] classes() {
		return names().stream()
			.map((name) -> ClassUtils.resolveClassName(name, OurAutoConfigurations.class.getClassLoader()))
			.toArray(Class<?>[]::new);
	}

}
