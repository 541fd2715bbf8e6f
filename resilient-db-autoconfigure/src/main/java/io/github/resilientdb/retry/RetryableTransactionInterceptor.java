package io.github.resilientdb.retry;

import java.util.function.Supplier;

import io.github.resilientdb.retry.method.RetryableMethod;
import io.github.resilientdb.retry.method.RetryableMethods;
import io.github.resilientdb.retry.method.Selection;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.util.Assert;

/**
 * Runs retryable methods, outside of their transactions.
 */
final class RetryableTransactionInterceptor implements MethodInterceptor {

	private final RetryableMethods methods;

	private final Supplier<RetryingExecutor> executor;

	RetryableTransactionInterceptor(RetryableMethods methods, Supplier<RetryingExecutor> executor) {
		this.methods = methods;
		this.executor = executor;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		RetryableMethod method = this.methods.get(invocation.getMethod(),
				(target != null) ? RetryableMethods.targetClass(target) : null);
		if (!RetryingExecutor.beginsTransaction(method.propagation())) {
			// No warning: a chunk of Spring Batch can't be made retryable
			return (method.selection() != Selection.LIBRARY)
					? this.executor.get().join(method.name(), invocation::proceed) : invocation.proceed();
		}
		Assert.state(invocation instanceof ProxyMethodInvocation, "An invocation that can't be repeated");
		ProxyMethodInvocation repeatable = (ProxyMethodInvocation) invocation;
		RetryingExecutor executor = this.executor.get();
		return executor.execute(executor.settings(method), invocation.getArguments(),
				() -> repeatable.invocableClone().proceed());
	}

}
