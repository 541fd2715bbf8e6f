package io.github.resilientdb.retry.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds annotated methods that a proxy can't intercept, or whose work would outlive the
 * transaction, before the first call does.
 */
public final class RetryableMethodChecks {

	private static final Logger logger = LoggerFactory.getLogger(RetryableMethodChecks.class);

	// By name, since none of them needs to be there
	private static final List<String> OTHER_RETRIES = List.of("org.springframework.resilience.annotation.Retryable",
			"org.springframework.retry.annotation.Retryable", "io.github.resilience4j.retry.annotation.Retry");

	private static final String JAKARTA = "jakarta.transaction.Transactional";

	private final RetryableMethods methods;

	private final Consumer<RetryableMethod> found;

	private final BooleanSupplier asyncEnabled;

	/**
	 * Create the checks.
	 * @param methods what the annotations say
	 * @param found takes each method that can be rerun
	 * @param asyncEnabled whether {@code @Async} has an effect
	 */
	public RetryableMethodChecks(RetryableMethods methods, Consumer<RetryableMethod> found,
			BooleanSupplier asyncEnabled) {
		this.methods = methods;
		this.found = found;
		this.asyncEnabled = asyncEnabled;
	}

	/**
	 * Check all methods of a bean.
	 * @param targetClass the class of the bean
	 * @param classProxy whether its proxy is a subclass, which can't override final
	 * methods
	 * @throws InvalidRetryableMethodException if one can't work as annotated
	 */
	public void check(Class<?> targetClass, boolean classProxy) {
		Class<?> userClass = ClassUtils.getUserClass(targetClass);
		if (RetryableTransactionAttributeSource.isRepository(userClass)) {
			repositoryMethods(userClass).forEach((method) -> check(method, userClass, false));
			return;
		}
		for (Method method : ReflectionUtils.getUniqueDeclaredMethods(userClass,
				ReflectionUtils.USER_DECLARED_METHODS)) {
			check(method, userClass, classProxy);
		}
	}

	// What its interface has and inherits, and not what makes it a proxy
	private static Stream<Method> repositoryMethods(Class<?> repository) {
		return Stream.of(repository.getInterfaces())
			.limit(1)
			.flatMap((type) -> Stream.of(type.getMethods()))
			.filter((method) -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge());
	}

	private void check(Method method, Class<?> targetClass, boolean classProxy) {
		RetryableMethod retryable = this.methods.get(method, targetClass);
		if (!retryable.isRetryable()) {
			return;
		}
		boolean onMethod = isOnMethod(method, retryable);
		if (onMethod) {
			checkModifiers(method, retryable, classProxy);
		}
		else if (Modifier.isStatic(method.getModifiers())) {
			return;
		}
		if (!onMethod && isFinalAndPublic(method) && classProxy) {
			logger.warn("{} has no transaction: it is final, so the proxy of the annotated class can't override it. "
					+ "Remove final, or annotate only the other methods", retryable.name());
			return;
		}
		if (retryable.isRerunnable() && (onMethod || Modifier.isPublic(method.getModifiers()))) {
			checkResult(method, targetClass, retryable);
			warnOfParameters(method, retryable);
			this.found.accept(retryable);
			warnOfOtherRetries(method, targetClass, retryable);
		}
	}

	private static boolean isOnMethod(Method method, RetryableMethod retryable) {
		return switch (retryable.selection()) {
			case METHOD -> true;
			case TYPE, TEMPLATE, LIBRARY -> false;
			case PROPERTY ->
				AnnotatedElementUtils.hasAnnotation(method, Transactional.class) || isAnnotated(method, JAKARTA);
		};
	}

	private static boolean isFinalAndPublic(Method method) {
		return Modifier.isFinal(method.getModifiers()) && Modifier.isPublic(method.getModifiers());
	}

	private static void checkModifiers(Method method, RetryableMethod retryable, boolean classProxy) {
		int modifiers = method.getModifiers();
		if (Modifier.isStatic(modifiers)) {
			throw new InvalidRetryableMethodException(retryable,
					"the method is static, so no proxy sees its calls and it would have no transaction",
					"Remove static (in Kotlin: @JvmStatic), so that it is called on the bean, "
							+ "or use a RetryableTransactionTemplate.");
		}
		if (Modifier.isPrivate(modifiers)) {
			throw new InvalidRetryableMethodException(retryable,
					"the method is private, so no proxy sees its calls and it would have no transaction",
					"Make it public, and have other beans call it, or use a RetryableTransactionTemplate.");
		}
		if (classProxy && Modifier.isFinal(modifiers)) {
			throw new InvalidRetryableMethodException(retryable,
					"the method is final, so the proxy can't override it and it would have no transaction",
					"Remove final (in Kotlin: apply the plugin kotlin-spring), or use a RetryableTransactionTemplate.");
		}
	}

	private void checkResult(Method method, Class<?> targetClass, RetryableMethod retryable) {
		String type = method.getReturnType().getSimpleName();
		switch (ResultKind.of(method, targetClass)) {
			case FINISHED -> {
			}
			case ASYNCHRONOUS -> {
				if (!this.asyncEnabled.getAsBoolean()) {
					logger
						.warn("{} is annotated with @Async, which has no effect: it runs on the thread of its caller. "
								+ "Add @EnableAsync to a configuration class", retryable.name());
				}
			}
			case FUTURE ->
				throw outliving(retryable, type, "Return the finished result, or annotate the method with @Async too, "
						+ "and a configuration class with @EnableAsync.");
			case READ_LATER -> throw outliving(retryable, type, "Return what was read, such as a List.");
			case SUSPENDED -> throw new InvalidRetryableMethodException(retryable,
					"the method is a suspending function, which may go on on another thread, outside of its transaction",
					"Remove suspend, and call it within withContext(Dispatchers.IO), "
							+ "or use a RetryableTransactionTemplate there.");
		}
	}

	private static InvalidRetryableMethodException outliving(RetryableMethod retryable, String type, String action) {
		return new InvalidRetryableMethodException(retryable,
				"the method returns %s, whose work would go on after the transaction and can't be rerun"
					.formatted(type),
				action);
	}

	private static void warnOfParameters(Method method, RetryableMethod retryable) {
		for (Class<?> type : method.getParameterTypes()) {
			if (ReadOnce.is(type)) {
				logger.warn(
						"{} takes a parameter of type {}, which can be read only once: a rerun would find it read already"
								+ " by the failed attempt. Pass what it contains, such as a List",
						retryable.name(), type.getSimpleName());
			}
		}
	}

	private static void warnOfOtherRetries(Method method, Class<?> targetClass, RetryableMethod retryable) {
		for (String annotation : OTHER_RETRIES) {
			if (isAnnotated(method, annotation) || isAnnotated(targetClass, annotation)) {
				logger.warn("{} is rerun by @{} too: the attempts multiply", retryable.name(), annotation);
			}
		}
	}

	private static boolean isAnnotated(AnnotatedElement element, String annotation) {
		return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).isPresent(annotation);
	}

}
