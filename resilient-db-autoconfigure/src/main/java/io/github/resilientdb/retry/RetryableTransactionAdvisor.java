package io.github.resilientdb.retry;

import java.lang.reflect.Method;

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

	RetryableTransactionAdvisor(RetryableTransactionAttributeSource attributes, Advice advice) {
		this.pointcut = new RetryableMethodPointcut(attributes);
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

		private final RetryableTransactionAttributeSource attributes;

		RetryableMethodPointcut(RetryableTransactionAttributeSource attributes) {
			this.attributes = attributes;
			setClassFilter(new RetryableClassFilter(attributes));
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			return this.attributes.find(method, targetClass) != null;
		}

	}

	private record RetryableClassFilter(RetryableTransactionAttributeSource attributes) implements ClassFilter {

		@Override
		public boolean matches(Class<?> candidate) {
			return !TransactionManager.class.isAssignableFrom(candidate) && this.attributes.isCandidateClass(candidate);
		}

	}

}
