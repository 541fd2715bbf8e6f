package io.github.resilientdb.retry.method;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodClassKey;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;
import org.springframework.transaction.interceptor.RollbackRuleAttribute;
import org.springframework.transaction.interceptor.RuleBasedTransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.util.StringUtils;

/**
 * The transactions of the methods that a repository inherits: what the annotation on its
 * interface sets wins, what it leaves at the default comes from the repository's own.
 */
final class RepositoryTransactionAttributeSource implements TransactionAttributeSource {

	private final TransactionAttributeSource own;

	private final TransactionAttribute annotation;

	private final Predicate<Method> inherited;

	private final Map<MethodClassKey, TransactionAttribute> merged = new ConcurrentHashMap<>();

	/**
	 * Create a source.
	 * @param own the repository's own source
	 * @param annotation what the annotation says
	 * @param inherited whether the annotation holds for a method by inheritance
	 */
	RepositoryTransactionAttributeSource(TransactionAttributeSource own, TransactionAttribute annotation,
			Predicate<Method> inherited) {
		this.own = own;
		this.annotation = annotation;
		this.inherited = inherited;
	}

	@Override
	public boolean isCandidateClass(Class<?> targetClass) {
		return this.own.isCandidateClass(targetClass);
	}

	@Override
	public @Nullable TransactionAttribute getTransactionAttribute(Method method, @Nullable Class<?> targetClass) {
		TransactionAttribute attribute = this.own.getTransactionAttribute(method, targetClass);
		if (attribute == null || !this.inherited.test(method)) {
			return attribute;
		}
		return this.merged.computeIfAbsent(new MethodClassKey(method, targetClass), (key) -> merge(attribute));
	}

	private TransactionAttribute merge(TransactionAttribute repository) {
		RuleBasedTransactionAttribute merged = new RuleBasedTransactionAttribute();
		TransactionAttribute set = this.annotation;
		String name = repository.getName();
		if (name != null) {
			merged.setName(name);
		}
		merged.setPropagationBehavior(or(set.getPropagationBehavior(), repository.getPropagationBehavior(),
				TransactionDefinition.PROPAGATION_REQUIRED));
		merged.setIsolationLevel(
				or(set.getIsolationLevel(), repository.getIsolationLevel(), TransactionDefinition.ISOLATION_DEFAULT));
		merged.setTimeout(or(set.getTimeout(), repository.getTimeout(), TransactionDefinition.TIMEOUT_DEFAULT));
		merged.setReadOnly(set.isReadOnly() || repository.isReadOnly());
		merged.setQualifier(StringUtils.hasText(set.getQualifier()) ? set.getQualifier() : repository.getQualifier());
		merged.setLabels(set.getLabels().isEmpty() ? repository.getLabels() : set.getLabels());
		addRules(merged, set);
		addRules(merged, repository);
		if (repository instanceof DefaultTransactionAttribute described) {
			merged.setDescriptor(described.getDescriptor());
		}
		return merged;
	}

	private static int or(int set, int otherwise, int byDefault) {
		return (set != byDefault) ? set : otherwise;
	}

	// The rules of the annotation come first, so that they win where both match
	private static void addRules(RuleBasedTransactionAttribute merged, TransactionAttribute attribute) {
		if (attribute instanceof RuleBasedTransactionAttribute rules) {
			for (RollbackRuleAttribute rule : rules.getRollbackRules()) {
				merged.getRollbackRules().add(rule);
			}
		}
	}

}
