package io.github.resilientdb.retry;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;

import io.github.resilientdb.RetryableTransaction;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotationSelectors;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.RepeatableContainers;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAttribute;

/**
 * Finds the transaction attributes exactly where Spring finds them, and marks those that
 * come from {@link RetryableTransaction @RetryableTransaction}: a plain
 * {@code @Transactional} that Spring prefers is one that is not rerun.
 */
@SuppressWarnings("serial")
class RetryableTransactionAttributeSource extends AnnotationTransactionAttributeSource {

	RetryableTransactionAttributeSource() {
		super(false);
	}

	@Nullable RetryableTransactionAttribute find(Method method, @Nullable Class<?> targetClass) {
		TransactionAttribute attribute = getTransactionAttribute(method, targetClass);
		return (attribute instanceof RetryableTransactionAttribute retryable) ? retryable : null;
	}

	@Override
	public boolean isCandidateClass(Class<?> targetClass) {
		return AnnotationUtils.isCandidateClass(targetClass, RetryableTransaction.class);
	}

	@Override
	protected @Nullable TransactionAttribute determineTransactionAttribute(AnnotatedElement element) {
		TransactionAttribute attribute = super.determineTransactionAttribute(element);
		RetryableTransaction annotation = (attribute != null) ? find(element) : null;
		if (attribute == null || annotation == null) {
			return attribute;
		}
		return new RetryableTransactionAttribute(attribute, annotation, element instanceof Method);
	}

	// The very look-up of SpringTransactionAnnotationParser, then the way back to where
	// the
	// result comes from
	private static @Nullable RetryableTransaction find(AnnotatedElement element) {
		MergedAnnotation<?> candidate = MergedAnnotations
			.from(element, SearchStrategy.TYPE_HIERARCHY, RepeatableContainers.none())
			.get(Transactional.class, null, MergedAnnotationSelectors.firstDirectlyDeclared());
		while (candidate != null && candidate.isPresent()) {
			if (candidate.getType() == RetryableTransaction.class) {
				return (RetryableTransaction) candidate.synthesize();
			}
			candidate = candidate.getMetaSource();
		}
		return null;
	}

}
