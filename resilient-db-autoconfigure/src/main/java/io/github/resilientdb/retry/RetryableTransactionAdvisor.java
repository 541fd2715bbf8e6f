package io.github.resilientdb.retry;

import java.lang.reflect.Method;

import io.github.resilientdb.retry.method.RetryableMethods;
import org.aopalliance.aop.Advice;

import org.springframework.aop.ClassFilter;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.transaction.TransactionManager;

/**
 * Applies the interceptor to retryable methods.
 */
@SuppressWarnings("serial")
final class RetryableTransactionAdvisor extends AbstractPointcutAdvisor {

	private final transient Pointcut pointcut;

	private final transient Advice advice;

	RetryableTransactionAdvisor(RetryableMethods methods, Advice advice) {
		this.pointcut = new RetryableMethodPointcut(methods);
		this.advice = advice;
	}

	@Override
	public Pointcut getPointcut() {
		return this.pointcut;
	}

	@Override
	public Advice getAdvice() {
		return this.advice;
	}

	private static final class RetryableMethodPointcut extends StaticMethodMatcherPointcut {

		private final RetryableMethods methods;

		RetryableMethodPointcut(RetryableMethods methods) {
			this.methods = methods;
			setClassFilter(new RetryableClassFilter(methods));
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			return this.methods.isRetryable(method, targetClass);
		}

	}

	private record RetryableClassFilter(RetryableMethods methods) implements ClassFilter {

		@Override
		public boolean matches(Class<?> candidate) {
			return !TransactionManager.class.isAssignableFrom(candidate) && this.methods.isCandidateClass(candidate);
		}

	}

}
