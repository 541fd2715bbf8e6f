package io.github.resilientdb.retry;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RerunOperations.Options;
import io.github.resilientdb.RetryableTransaction;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodClassKey;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.transaction.interceptor.TransactionalProxy;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * What the annotations say of each method, read once.
 */
class RetryableMethods {

	private static final Pattern BARE_NUMBER = Pattern.compile("[+-]?\\d+");

	private final RetryableTransactionAttributeSource attributes = new RetryableTransactionAttributeSource();

	private final Map<MethodClassKey, RetryableMethod> cache = new ConcurrentHashMap<>();

	private @Nullable StringValueResolver placeholders;

	void setPlaceholders(StringValueResolver placeholders) {
		this.placeholders = placeholders;
	}

	RetryableTransactionAttributeSource attributes() {
		return this.attributes;
	}

	/**
	 * Return the class whose annotations hold for a bean.
	 * @param bean the bean, or what an interceptor finds behind its proxy
	 * @return the class
	 */
	static Class<?> targetClass(Object bean) {
		return (bean instanceof TransactionalProxy) ? bean.getClass() : AopUtils.getTargetClass(bean);
	}

	/**
	 * Return what holds for a method.
	 * @param method the method
	 * @param targetClass the class of the bean
	 * @return what holds, {@link RetryableMethod#NONE} if the method is not retryable
	 * @throws InvalidRetryableMethodException if the annotation has an invalid value
	 */
	RetryableMethod get(Method method, @Nullable Class<?> targetClass) {
		MethodClassKey key = new MethodClassKey(method, targetClass);
		RetryableMethod known = this.cache.get(key);
		return (known != null) ? known : this.cache.computeIfAbsent(key, (absent) -> read(method, targetClass));
	}

	private RetryableMethod read(Method method, @Nullable Class<?> targetClass) {
		RetryableTransactionAttribute attribute = this.attributes.find(method, targetClass);
		if (attribute == null) {
			return RetryableMethod.NONE;
		}
		RetryableTransaction annotation = attribute.annotation();
		String name = ClassUtils.getQualifiedMethodName(method, targetClass);
		Options options = new Options(maxAttempts(annotation, name), deadline(annotation, name),
				annotation.rerunIfUnknown());
		String qualifier = attribute.getQualifier();
		return new RetryableMethod(callName(method, targetClass), name, attribute.getPropagationBehavior(),
				(qualifier != null) ? qualifier : "", options);
	}

	// The class of a repository is a JDK proxy, whose name says nothing
	private static CallName callName(Method method, @Nullable Class<?> targetClass) {
		Class<?> type = (targetClass != null) ? targetClass : method.getDeclaringClass();
		Class<?> named = (Proxy.isProxyClass(type) && type.getInterfaces().length > 0) ? type.getInterfaces()[0]
				: ClassUtils.getUserClass(type);
		return new CallName(named.getName(), method.getName());
	}

	private static int maxAttempts(RetryableTransaction annotation, String name) {
		if (annotation.maxAttempts() < 0) {
			throw new InvalidRetryableMethodException(name,
					"maxAttempts (%d) must be positive, or 0 for the property".formatted(annotation.maxAttempts()),
					"Use the total number of attempts, the first included: 1 never reruns.");
		}
		return annotation.maxAttempts();
	}

	private @Nullable Duration deadline(RetryableTransaction annotation, String name) {
		String text = resolve(annotation, name);
		if (!StringUtils.hasText(text)) {
			return null;
		}
		Duration deadline = parse(annotation, text, name);
		if (deadline.isZero() || deadline.isNegative()) {
			throw invalidDeadline(annotation, text, name, "must be positive", null);
		}
		return deadline;
	}

	private @Nullable String resolve(RetryableTransaction annotation, String name) {
		if (this.placeholders == null || annotation.deadline().isEmpty()) {
			return annotation.deadline();
		}
		try {
			return this.placeholders.resolveStringValue(annotation.deadline());
		}
		catch (IllegalArgumentException ex) {
			throw invalidDeadline(annotation, annotation.deadline(), name, "has a placeholder that can't be resolved",
					ex);
		}
	}

	private static Duration parse(RetryableTransaction annotation, String text, String name) {
		if (BARE_NUMBER.matcher(text.trim()).matches()) {
			throw invalidDeadline(annotation, text, name, "has no unit: did you mean \"%ss\"?".formatted(text.trim()),
					null);
		}
		try {
			return DurationFormatterUtils.detectAndParse(text.trim(), DurationFormat.Unit.MILLIS);
		}
		catch (IllegalArgumentException ex) {
			throw invalidDeadline(annotation, text, name, "is not a duration", ex);
		}
	}

	private static InvalidRetryableMethodException invalidDeadline(RetryableTransaction annotation, String text,
			String name, String rule, @Nullable Exception cause) {
		String origin = text.equals(annotation.deadline()) ? "" : " from \"%s\"".formatted(annotation.deadline());
		InvalidRetryableMethodException exception = new InvalidRetryableMethodException(name,
				"deadline (\"%s\"%s) %s".formatted(text, origin, rule),
				"Use a positive duration such as \"10s\" or \"PT10S\", or none for the property.");
		if (cause != null) {
			exception.initCause(cause);
		}
		return exception;
	}

}
