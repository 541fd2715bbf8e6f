package io.github.resilientdb.retry;

import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.BaseStream;
import java.util.stream.Stream;

import io.github.resilientdb.CallName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.scheduling.annotation.Async;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds annotated methods that a proxy can't intercept, or whose work would outlive the
 * transaction, before the first call does.
 */
final class RetryableMethodChecks {

	private static final Logger logger = LoggerFactory.getLogger(RetryableMethodChecks.class);

	// By name, since none of them needs to be there
	private static final List<String> READ_ONCE = List.of("org.reactivestreams.Publisher",
			"kotlinx.coroutines.flow.Flow", "kotlin.sequences.Sequence");

	private static final List<String> OTHER_RETRIES = List.of("org.springframework.resilience.annotation.Retryable",
			"org.springframework.retry.annotation.Retryable", "io.github.resilience4j.retry.annotation.Retry");

	private static final String JAKARTA = "jakarta.transaction.Transactional";

	private static final String CONTINUATION = "kotlin.coroutines.Continuation";

	private final RetryableMethods methods;

	private final Consumer<CallName> found;

	/**
	 * Create the checks.
	 * @param methods what the annotations say
	 * @param found takes each method that can be rerun
	 */
	RetryableMethodChecks(RetryableMethods methods, Consumer<CallName> found) {
		this.methods = methods;
		this.found = found;
	}

	/**
	 * Check all methods of a bean.
	 * @param targetClass the class of the bean
	 * @param classProxy whether its proxy is a subclass, which can't override final
	 * methods
	 * @throws InvalidRetryableMethodException if one can't work as annotated
	 */
	void check(Class<?> targetClass, boolean classProxy) {
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
		if (retryable == RetryableMethod.NONE) {
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
			checkReturnType(method, targetClass, retryable);
			warnOfParameters(method, retryable);
			this.found.accept(retryable.call());
			warnOfOtherRetries(method, targetClass, retryable);
		}
	}

	private static boolean isOnMethod(Method method, RetryableMethod retryable) {
		return switch (retryable.selection()) {
			case METHOD -> true;
			case TYPE, TEMPLATE -> false;
			case PROPERTY ->
				AnnotatedElementUtils.hasAnnotation(method, Transactional.class) || isAnnotated(method, JAKARTA);
		};
	}

	private static boolean isFinalAndPublic(Method method) {
		return Modifier.isFinal(method.getModifiers()) && Modifier.isPublic(method.getModifiers());
	}

	private static void checkModifiers(Method method, RetryableMethod retryable, boolean classProxy) {
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers)) {
			String modifier = Modifier.isPrivate(modifiers) ? "private" : "static";
			throw new InvalidRetryableMethodException(retryable,
					"the method is %s, so no proxy sees its calls and it would have no transaction".formatted(modifier),
					"Make it a public method that other beans call, or use a RetryableTransactionTemplate.");
		}
		if (classProxy && Modifier.isFinal(modifiers)) {
			throw new InvalidRetryableMethodException(retryable,
					"the method is final, so the proxy can't override it and it would have no transaction",
					"Remove final (in Kotlin: apply the plugin kotlin-spring), or use a RetryableTransactionTemplate.");
		}
	}

	private static void checkReturnType(Method method, Class<?> targetClass, RetryableMethod retryable) {
		String type = outlivingType(method, targetClass);
		if (type != null) {
			throw new InvalidRetryableMethodException(retryable,
					"the method returns %s, whose work would go on after the transaction and can't be rerun"
						.formatted(type),
					"Return the finished result, such as a List, or run the method asynchronously with @Async.");
		}
	}

	private static void warnOfParameters(Method method, RetryableMethod retryable) {
		for (Class<?> type : method.getParameterTypes()) {
			if (isReadOnce(type)) {
				logger.warn(
						"{} takes a parameter of type {}, which can be read only once: a rerun finds read what the"
								+ " failed attempt has read. Pass what it contains, such as a List",
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

	private static @Nullable String outlivingType(Method method, Class<?> targetClass) {
		Class<?> type = method.getReturnType();
		if (isReadOnce(type)) {
			return type.getSimpleName();
		}
		if ((Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type))
				&& !isAsync(method, targetClass)) {
			return type.getSimpleName();
		}
		return isSuspending(method) ? "from a suspending function" : null;
	}

	// The asynchronous proxy is outside, and waits for the result on the thread of the
	// transaction
	private static boolean isAsync(Method method, Class<?> targetClass) {
		return AnnotatedElementUtils.hasAnnotation(method, Async.class)
				|| AnnotatedElementUtils.hasAnnotation(method.getDeclaringClass(), Async.class)
				|| AnnotatedElementUtils.hasAnnotation(targetClass, Async.class);
	}

	private static boolean isReadOnce(Class<?> type) {
		return BaseStream.class.isAssignableFrom(type) || Iterator.class.isAssignableFrom(type)
				|| InputStream.class.isAssignableFrom(type) || Reader.class.isAssignableFrom(type)
				|| Flow.Publisher.class.isAssignableFrom(type)
				|| READ_ONCE.stream().anyMatch((name) -> isNamed(type, name));
	}

	private static boolean isNamed(Class<?> type, String name) {
		return type.getName().equals(name) || ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.anyMatch((candidate) -> candidate.getName().equals(name));
	}

	private static boolean isSuspending(Method method) {
		Class<?>[] parameters = method.getParameterTypes();
		return parameters.length > 0 && parameters[parameters.length - 1].getName().equals(CONTINUATION);
	}

}
