package io.github.resilientdb.retry.method;

import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;

/**
 * What a method returns, as far as its work may outlive the transaction.
 */
enum ResultKind {

	/**
	 * The result is there when the method returns.
	 */
	FINISHED,

	/**
	 * A future that {@code @Async} waits for, on the thread of the transaction: its proxy
	 * is outside.
	 */
	ASYNCHRONOUS,

	/**
	 * A future of the method's own.
	 */
	FUTURE,

	/**
	 * What is read after the method has returned.
	 */
	READ_LATER,

	/**
	 * That of Kotlin's suspending functions, which may go on on any thread.
	 */
	SUSPENDED;

	private static final String CONTINUATION = "kotlin.coroutines.Continuation";

	static ResultKind of(Method method, Class<?> targetClass) {
		Class<?>[] parameters = method.getParameterTypes();
		if (parameters.length > 0 && parameters[parameters.length - 1].getName().equals(CONTINUATION)) {
			return SUSPENDED;
		}
		Class<?> type = method.getReturnType();
		if (ReadOnce.is(type)) {
			return READ_LATER;
		}
		if (Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type)) {
			return isAsync(method, targetClass) ? ASYNCHRONOUS : FUTURE;
		}
		return FINISHED;
	}

	private static boolean isAsync(Method method, Class<?> targetClass) {
		return AnnotatedElementUtils.hasAnnotation(method, Async.class)
				|| AnnotatedElementUtils.hasAnnotation(method.getDeclaringClass(), Async.class)
				|| AnnotatedElementUtils.hasAnnotation(targetClass, Async.class);
	}

}
