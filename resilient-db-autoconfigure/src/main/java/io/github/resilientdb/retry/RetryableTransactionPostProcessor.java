package io.github.resilientdb.retry;

import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.resilientdb.CallName;
import io.github.resilientdb.retry.method.KnownCalls;
import io.github.resilientdb.retry.method.RetryableMethodChecks;
import io.github.resilientdb.retry.method.RetryableMethodPatterns;
import io.github.resilientdb.retry.method.RetryableMethods;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ClassFilter;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.EmbeddedValueResolverAware;
import org.springframework.core.Ordered;
import org.springframework.scheduling.annotation.AsyncAnnotationBeanPostProcessor;
import org.springframework.scheduling.config.TaskManagementConfigUtils;
import org.springframework.transaction.TransactionManager;
import org.springframework.util.StringValueResolver;
import org.springframework.util.function.SingletonSupplier;

/**
 * Puts the interceptor outside of all that a proxy of the bean does already, its
 * transaction in particular, whatever the order of that; and inside of {@code @Async},
 * whose post-processor comes later.
 */
@SuppressWarnings("serial")
public final class RetryableTransactionPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor
		implements EmbeddedValueResolverAware {

	private final transient RetryableMethods methods;

	private final transient KnownCalls calls = new KnownCalls();

	private final transient RetryableMethodChecks checks;

	private transient @Nullable BeanFactory beanFactory;

	/**
	 * Create the post-processor.
	 * @param patterns which methods are retryable without an annotation
	 * @param executor what runs the calls; looked up with the first call
	 */
	public RetryableTransactionPostProcessor(RetryableMethodPatterns patterns, Supplier<RetryingExecutor> executor) {
		this.methods = new RetryableMethods(patterns);
		this.checks = new RetryableMethodChecks(this.methods, this.calls::add, this::isAsyncEnabled);
		setBeforeExistingAdvisors(true);
		setOrder(Ordered.LOWEST_PRECEDENCE - 100);
		this.advisor = new DefaultPointcutAdvisor(new RetryableMethodPointcut(this.methods),
				new RetryableTransactionInterceptor(this.methods, SingletonSupplier.of(executor)));
	}

	/**
	 * Report the retryable methods that were found so far, and then each one as it is
	 * found.
	 * @param subscriber receives each method once
	 */
	public void subscribe(Consumer<CallName> subscriber) {
		this.calls.subscribe(subscriber);
	}

	/**
	 * Return whether calls may be rerun.
	 * @param call names the calls
	 * @param byDefault how often a method is attempted that says nothing about it
	 * @return whether they have more than one attempt
	 */
	public boolean isRerun(CallName call, int byDefault) {
		return this.calls.isRerun(call, byDefault);
	}

	/**
	 * Return the methods that are retryable by a pattern, as far as they were found.
	 * @return their names
	 */
	public List<String> selectedMethods() {
		return this.methods.selected().names();
	}

	/**
	 * Say in the log what the patterns have selected so far.
	 */
	public void logSelectedMethods() {
		this.methods.selected().log();
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		super.setBeanFactory(beanFactory);
		this.beanFactory = beanFactory;
	}

	// Whether something makes methods that are annotated with @Async asynchronous
	private boolean isAsyncEnabled() {
		return this.beanFactory == null
				|| this.beanFactory.containsBean(TaskManagementConfigUtils.ASYNC_EXECUTION_ASPECT_BEAN_NAME)
				|| !(this.beanFactory instanceof ListableBeanFactory beans)
				|| beans.getBeanNamesForType(AsyncAnnotationBeanPostProcessor.class, true, false).length > 0;
	}

	@Override
	public void setEmbeddedValueResolver(StringValueResolver resolver) {
		this.methods.setPlaceholders(resolver);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> targetClass = RetryableMethods.targetClass(bean);
		this.methods.register(bean, targetClass);
		Object result = super.postProcessAfterInitialization(bean, beanName);
		if (isEligible(targetClass)) {
			this.checks.check(targetClass, AopUtils.isCglibProxy(result));
		}
		return result;
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
