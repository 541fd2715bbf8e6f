package io.github.resilientdb.retry.method;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RerunOperations.Options;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.retry.method.AdvisedTransactions.AdvisedTransaction;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodClassKey;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.transaction.interceptor.TransactionalProxy;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * What holds for each method, read once: what an annotation says, or a pattern.
 */
public class RetryableMethods {

	private static final Pattern BARE_NUMBER = Pattern.compile("[+-]?\\d+");

	private final RetryableTransactionAttributeSource attributes = new RetryableTransactionAttributeSource();

	private final AdvisedTransactions transactions = new AdvisedTransactions();

	private final RetryableMethodPatterns patterns;

	private final SelectedMethods selected;

	private final Map<MethodClassKey, RetryableMethod> cache = new ConcurrentHashMap<>();

	private @Nullable StringValueResolver placeholders;

	public RetryableMethods(RetryableMethodPatterns patterns) {
		this.patterns = patterns;
		this.selected = new SelectedMethods(patterns.asWritten());
	}

	public void setPlaceholders(StringValueResolver placeholders) {
		this.placeholders = placeholders;
	}

	public SelectedMethods selected() {
		return this.selected;
	}

	public boolean isCandidateClass(Class<?> type) {
		return this.attributes.isCandidateClass(type) || this.transactions.isKnown(type);
	}

	/**
	 * Look at a bean whose methods may be retryable although they are not annotated: by a
	 * pattern, or by the annotation of a repository that inherits them.
	 * @param bean the bean
	 * @param type its class
	 */
	public void register(Object bean, Class<?> type) {
		RetryableTransactionAttribute repository = this.attributes.findOnRepository(type);
		if (repository == null && !BatchBeans.isRepository(type)
				&& (this.patterns.isEmpty() || BatchBeans.isExcluded(type))) {
			return;
		}
		List<TransactionInterceptor> interceptors = this.transactions.register(bean, type);
		if (repository != null) {
			resolve(repository.target());
			interceptors.forEach((interceptor) -> merge(interceptor, repository.target()));
		}
	}

	private void resolve(TransactionAttribute attribute) {
		if (attribute instanceof DefaultTransactionAttribute resolvable) {
			resolvable.resolveAttributeStrings(this.placeholders);
		}
	}

	private void merge(TransactionInterceptor interceptor, TransactionAttribute annotation) {
		TransactionAttributeSource own = interceptor.getTransactionAttributeSource();
		if (own != null && !(own instanceof RepositoryTransactionAttributeSource)) {
			interceptor.setTransactionAttributeSource(
					new RepositoryTransactionAttributeSource(own, annotation, this.attributes::isPlainlyInherited));
		}
	}

	/**
	 * Return whether a method is retryable.
	 * @param method the method
	 * @param targetClass the class of the bean
	 * @return whether calls of it are run by ours
	 */
	public boolean isRetryable(Method method, Class<?> targetClass) {
		return this.attributes.find(method, targetClass) != null
				|| (this.transactions.isKnown(targetClass) && get(method, targetClass).isRetryable());
	}

	/**
	 * Return the class whose annotations hold for a bean.
	 * @param bean the bean, or what an interceptor finds behind its proxy
	 * @return the class
	 */
	public static Class<?> targetClass(Object bean) {
		return (bean instanceof TransactionalProxy) ? bean.getClass() : AopUtils.getTargetClass(bean);
	}

	/**
	 * Return what holds for a method.
	 * @param method the method
	 * @param targetClass the class of the bean
	 * @return what holds, {@link RetryableMethod#NONE} if the method is not retryable
	 * @throws InvalidRetryableMethodException if the annotation has an invalid value
	 */
	public RetryableMethod get(Method method, @Nullable Class<?> targetClass) {
		MethodClassKey key = new MethodClassKey(method, targetClass);
		RetryableMethod known = this.cache.get(key);
		return (known != null) ? known : this.cache.computeIfAbsent(key, (absent) -> read(method, targetClass));
	}

	private RetryableMethod read(Method method, @Nullable Class<?> targetClass) {
		RetryableTransactionAttribute attribute = this.attributes.find(method, targetClass);
		if (attribute != null) {
			this.selected.addAnnotated(this.patterns.find(method, targetClass));
			String name = ClassUtils.getQualifiedMethodName(method, targetClass);
			Selection selection = attribute.isOnMethod() ? Selection.METHOD : Selection.TYPE;
			return method(callName(method, targetClass), selection, name, name, attribute,
					options(attribute.annotation(), name));
		}
		return (targetClass != null) ? readAdvised(method, targetClass) : RetryableMethod.NONE;
	}

	private RetryableMethod readAdvised(Method method, Class<?> targetClass) {
		AdvisedTransaction transaction = this.transactions.find(method, targetClass);
		if (transaction == null) {
			return RetryableMethod.NONE;
		}
		CallName call = callName(method, targetClass);
		RetryableTransactionAttribute repository = this.attributes.findOnRepository(targetClass);
		if (repository != null && this.attributes.isPlainlyInherited(method)) {
			this.selected.addAnnotated(this.patterns.find(method, targetClass));
			return method(call, Selection.TYPE, call.toString(), transaction.name(), transaction.attribute(),
					options(repository.annotation(), call.toString()));
		}
		boolean library = BatchBeans.isRepository(targetClass);
		String pattern = BatchBeans.isExcluded(targetClass) ? null : this.patterns.find(method, targetClass);
		RetryableMethod found = method(call, library ? Selection.LIBRARY : Selection.PROPERTY, call.toString(),
				transaction.name(), transaction.attribute(), Options.DEFAULT);
		if ((pattern == null && !library) || !found.isRerunnable()) {
			return RetryableMethod.NONE;
		}
		if (pattern != null) {
			this.selected.add(call, pattern);
		}
		return found;
	}

	private static RetryableMethod method(CallName call, Selection selection, String name, String transactionName,
			TransactionAttribute attribute, Options options) {
		String qualifier = attribute.getQualifier();
		return new RetryableMethod(call, selection, name, transactionName, attribute.getPropagationBehavior(),
				(qualifier != null) ? qualifier : "", options);
	}

	private Options options(RetryableTransaction annotation, String name) {
		return new Options(maxAttempts(annotation, name), deadline(annotation, name), annotation.rerunIfUnknown());
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
