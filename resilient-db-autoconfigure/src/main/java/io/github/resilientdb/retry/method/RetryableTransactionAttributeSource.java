package io.github.resilientdb.retry.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

import io.github.resilientdb.RetryableTransaction;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.RepeatableContainers;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionalProxy;

/**
 * Looks for transaction attributes wherever Spring does, and in the same order, and marks
 * those of elements where {@link RetryableTransaction @RetryableTransaction} is the most
 * specific: a plain {@code @Transactional} that is more specific is not rerun.
 */
@SuppressWarnings("serial")
class RetryableTransactionAttributeSource extends AnnotationTransactionAttributeSource {

	// By name, since it need not be there
	private static final String JAKARTA = "jakarta.transaction.Transactional";

	private final CandidateClasses candidates = new CandidateClasses(RetryableTransaction.class);

	RetryableTransactionAttributeSource() {
		super(false);
	}

	@Nullable RetryableTransactionAttribute find(Method method, @Nullable Class<?> targetClass) {
		TransactionAttribute attribute = getTransactionAttribute(method, annotated(targetClass));
		return (attribute instanceof RetryableTransactionAttribute retryable) ? retryable : null;
	}

	/**
	 * Find the annotation of the interface of a repository, which holds for the methods
	 * that it inherits.
	 * @param repository the class of the repository
	 * @return what it says, {@code null} if there is none
	 */
	@Nullable RetryableTransactionAttribute findOnRepository(Class<?> repository) {
		if (!isRepository(repository) || repository.getInterfaces().length == 0) {
			return null;
		}
		TransactionAttribute attribute = determineTransactionAttribute(repository.getInterfaces()[0]);
		return (attribute instanceof RetryableTransactionAttribute retryable) ? retryable : null;
	}

	/**
	 * Return whether nothing is written on the method of a repository, nor on the
	 * interface that declares it.
	 * @param method the method
	 * @return whether it is inherited as it is
	 */
	boolean isPlainlyInherited(Method method) {
		return getTransactionAttribute(method, null) == null;
	}

	static boolean isRepository(Class<?> type) {
		return Proxy.isProxyClass(type) && TransactionalProxy.class.isAssignableFrom(type);
	}

	// For a Spring Data repository, its interface comes before the implementation
	private static @Nullable Class<?> annotated(@Nullable Class<?> targetClass) {
		return (targetClass != null && TransactionalProxy.class.isAssignableFrom(targetClass)) ? null : targetClass;
	}

	@Override
	public boolean isCandidateClass(Class<?> targetClass) {
		return this.candidates.mayContain(targetClass);
	}

	@Override
	protected @Nullable TransactionAttribute determineTransactionAttribute(AnnotatedElement element) {
		TransactionAttribute attribute = super.determineTransactionAttribute(element);
		if (attribute == null) {
			return null;
		}
		MergedAnnotations annotations = MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY,
				RepeatableContainers.none());
		MergedAnnotation<RetryableTransaction> retryable = annotations.get(RetryableTransaction.class);
		if (!retryable.isPresent() || isHidden(retryable, annotations, element)) {
			return attribute;
		}
		return new RetryableTransactionAttribute(attribute, retryable.synthesize(), element instanceof Method);
	}

	private static void checkBeside(MergedAnnotation<RetryableTransaction> retryable, MergedAnnotation<?> plain,
			AnnotatedElement element) {
		if (plain.isPresent() && plain.getAggregateIndex() == retryable.getAggregateIndex()) {
			throw new InvalidRetryableMethodException(String.valueOf(element),
					"@Transactional is beside it, and only one of them can hold",
					"Remove @Transactional, and set its attributes on @RetryableTransaction.");
		}
	}

	// By a plain @Transactional that is more specific
	private static boolean isHidden(MergedAnnotation<RetryableTransaction> retryable, MergedAnnotations annotations,
			AnnotatedElement element) {
		MergedAnnotation<Transactional> plain = annotations.get(Transactional.class, (candidate) -> !isOf(candidate));
		checkBeside(retryable, plain, element);
		checkBeside(retryable, annotations.get(JAKARTA), element);
		return plain.isPresent() && plain.getAggregateIndex() < retryable.getAggregateIndex();
	}

	private static boolean isOf(MergedAnnotation<?> candidate) {
		MergedAnnotation<?> source = candidate.getMetaSource();
		while (source != null && source.getType() != RetryableTransaction.class) {
			source = source.getMetaSource();
		}
		return source != null;
	}

}
