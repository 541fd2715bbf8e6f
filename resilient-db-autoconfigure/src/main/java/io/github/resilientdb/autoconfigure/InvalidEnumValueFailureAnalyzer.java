package io.github.resilientdb.autoconfigure;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;

/**
 * Tells which values a property of ours can have as one writes them in a configuration
 * file; Spring Boot names the constants of the type.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidEnumValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationProperty property = cause.getProperty();
		Class<?> type = enumType(cause);
		if (property == null || type == null
				|| !property.getName().toString().startsWith(KnownProperties.PREFIX + ".")) {
			return null;
		}
		String description = "Invalid value '%s' for configuration property '%s' (originating from '%s')."
			.formatted(property.getValue(), property.getName(), property.getOrigin());
		return new FailureAnalysis(description, "Write one of: %s.".formatted(values(type)), cause);
	}

	// The innermost failure is that of the value, those around it of the collection
	private static @Nullable Class<?> enumType(Throwable failure) {
		Class<?> type = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ConversionFailedException conversion
					&& conversion.getTargetType().getObjectType().isEnum()) {
				type = conversion.getTargetType().getObjectType();
			}
		}
		return type;
	}

	private static String values(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((value) -> ((Enum<?>) value).name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.collect(Collectors.joining(", "));
	}

}
