package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.util.ClassUtils;

/**
 * Tells what to write instead of a value that can't be read, as one writes it in a
 * configuration file; Spring Boot names types and their constants.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnreadableValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationProperty property = cause.getProperty();
		ConversionFailedException conversion = innermostConversion(cause);
		if (property == null || conversion == null
				|| !property.getName().toString().startsWith(KnownProperties.PREFIX + ".")) {
			return null;
		}
		String advice = advice(ClassUtils.resolvePrimitiveIfNecessary(conversion.getTargetType().getObjectType()));
		if (advice == null) {
			return null;
		}
		String description = "Invalid value '%s' for configuration property '%s' (originating from '%s')."
			.formatted(property.getValue(), property.getName(), property.getOrigin());
		return new FailureAnalysis(description, placeholder(conversion.getValue()) + advice, cause);
	}

	// The innermost failure is that of the value, those around it of the collection
	private static @Nullable ConversionFailedException innermostConversion(Throwable failure) {
		ConversionFailedException innermost = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ConversionFailedException conversion) {
				innermost = conversion;
			}
		}
		return innermost;
	}

	// What is left of one is left unresolved
	private static String placeholder(@Nullable Object value) {
		return String.valueOf(value).contains("${")
				? "No property and no environment variable resolves the "
						+ "placeholder '%s'. Set it, or give it a default, as in ${NAME:default}. ".formatted(value)
				: "";
	}

	private static @Nullable String advice(Class<?> type) {
		if (type.isEnum()) {
			return "Write one of: %s.".formatted(Arrays.stream(type.getEnumConstants())
				.map((value) -> WrittenValues.of((Enum<?>) value))
				.collect(Collectors.joining(", ")));
		}
		if (type == Boolean.class) {
			return "Write true or false.";
		}
		if (type == Duration.class) {
			return "Write a number with its unit, such as 500ms, 10s or 2m.";
		}
		if (type == Integer.class || type == Long.class) {
			return "Write a whole number of at most %s, in digits."
				.formatted((type == Integer.class) ? Integer.MAX_VALUE : Long.MAX_VALUE);
		}
		return Number.class.isAssignableFrom(type) ? "Write a number, such as 0.5." : null;
	}

}
