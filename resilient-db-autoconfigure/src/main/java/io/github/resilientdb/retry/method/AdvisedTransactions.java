package io.github.resilientdb.retry.method;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.TargetSource;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.util.ClassUtils;

/**
 * The transactions that Spring's interceptor begins, as the proxies of the beans have
 * them: by an annotation, jakarta's included, by XML, by the factory of a repository, or
 * by whatever else makes such a proxy.
 */
final class AdvisedTransactions {

	private final Map<Class<?>, List<TransactionAdvice>> advices = new ConcurrentHashMap<>();

	/**
	 * Take note of a bean.
	 * @param bean the bean, a proxy or not
	 * @param type its class, as {@link RetryableMethods#targetClass(Object)} has it
	 * @return the interceptors of its transactions
	 */
	List<TransactionInterceptor> register(Object bean, Class<?> type) {
		List<TransactionAdvice> found = new ArrayList<>();
		collect(bean, found);
		if (!found.isEmpty()) {
			this.advices.put(ClassUtils.getUserClass(type), found);
		}
		return found.stream().map(TransactionAdvice::interceptor).toList();
	}

	private static void collect(Object candidate, List<TransactionAdvice> found) {
		if (!(candidate instanceof Advised proxy)) {
			return;
		}
		Object target = target(proxy);
		Class<?> targetClass = (target != null) ? AopUtils.getTargetClass(target) : proxy.getTargetClass();
		if (targetClass == null) {
			return;
		}
		for (Advisor advisor : proxy.getAdvisors()) {
			if (advisor.getAdvice() instanceof TransactionInterceptor interceptor) {
				Pointcut pointcut = (advisor instanceof PointcutAdvisor selective) ? selective.getPointcut()
						: Pointcut.TRUE;
				found.add(new TransactionAdvice(interceptor, pointcut, targetClass));
			}
		}
		if (target != null) {
			collect(target, found);
		}
	}

	private static @Nullable Object target(Advised proxy) {
		TargetSource source = proxy.getTargetSource();
		try {
			return source.isStatic() ? source.getTarget() : null;
		}
		catch (Exception ex) {
			return null;
		}
	}

	boolean isKnown(Class<?> type) {
		return this.advices.containsKey(ClassUtils.getUserClass(type));
	}

	/**
	 * Find the transaction of a method.
	 * @param method the method
	 * @param type the class of the bean
	 * @return the transaction, {@code null} if there is none
	 */
	@Nullable AdvisedTransaction find(Method method, Class<?> type) {
		for (TransactionAdvice advice : this.advices.getOrDefault(ClassUtils.getUserClass(type), List.of())) {
			AdvisedTransaction transaction = advice.find(method);
			if (transaction != null) {
				return transaction;
			}
		}
		return null;
	}

	/**
	 * A transaction.
	 *
	 * @param attribute what it is like
	 * @param name the name that it is going to have
	 */
	record AdvisedTransaction(TransactionAttribute attribute, String name) {

	}

	/**
	 * The advice of a proxy.
	 *
	 * @param interceptor the advice
	 * @param pointcut where it is applied
	 * @param targetClass the class that it is applied to
	 */
	private record TransactionAdvice(TransactionInterceptor interceptor, Pointcut pointcut, Class<?> targetClass) {

		@Nullable AdvisedTransaction find(Method method) {
			TransactionAttributeSource source = this.interceptor.getTransactionAttributeSource();
			if (source == null || !this.pointcut.getClassFilter().matches(this.targetClass)
					|| !this.pointcut.getMethodMatcher().matches(method, this.targetClass)) {
				return null;
			}
			TransactionAttribute attribute = source.getTransactionAttribute(method, this.targetClass);
			if (attribute == null) {
				return null;
			}
			String name = attribute.getName();
			return new AdvisedTransaction(attribute,
					(name != null) ? name : ClassUtils.getQualifiedMethodName(method, this.targetClass));
		}

	}

}
