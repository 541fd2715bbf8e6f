package io.github.resilientdb.retry.method;

import java.io.IOException;
import java.lang.reflect.Method;

import io.github.resilientdb.RetryableTransaction;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RepositoryTransactionAttributeSource}.
 */
class RepositoryTransactionAttributeSourceTests {

	@Test
	void takesFromTheRepositoryWhatTheAnnotationLeavesAtItsDefault() {
		TransactionAttribute find = attribute(Plain.class, "find");
		assertThat(find.isReadOnly()).isTrue();
		assertThat(find.getTimeout()).isEqualTo(3);
		assertThat(find.getQualifier()).isEqualTo("own");
		assertThat(find.getLabels()).containsExactly("own");
		assertThat(find.rollbackOn(new IOException())).isTrue();
		TransactionAttribute save = attribute(Plain.class, "save");
		assertThat(save.isReadOnly()).isFalse();
		assertThat(save.getPropagationBehavior()).isEqualTo(TransactionDefinition.PROPAGATION_REQUIRED);
	}

	@Test
	void prefersWhatTheAnnotationSets() {
		TransactionAttribute find = attribute(Particular.class, "find");
		assertThat(find.isReadOnly()).isTrue();
		assertThat(find.getTimeout()).isEqualTo(7);
		assertThat(find.getQualifier()).isEqualTo("other");
		assertThat(find.getIsolationLevel()).isEqualTo(TransactionDefinition.ISOLATION_SERIALIZABLE);
		assertThat(find.rollbackOn(new IOException())).isFalse();
	}

	@Test
	void leavesAloneWhatIsNotInherited() {
		RepositoryTransactionAttributeSource source = new RepositoryTransactionAttributeSource(
				new AnnotationTransactionAttributeSource(), annotation(Particular.class), (method) -> false);
		TransactionAttribute find = source.getTransactionAttribute(method("find"), Implementation.class);
		assertThat(find).isNotNull();
		assertThat(find.getTimeout()).isEqualTo(3);
	}

	private static TransactionAttribute attribute(Class<?> annotated, String method) {
		RepositoryTransactionAttributeSource source = new RepositoryTransactionAttributeSource(
				new AnnotationTransactionAttributeSource(), annotation(annotated), (candidate) -> true);
		TransactionAttribute attribute = source.getTransactionAttribute(method(method), Implementation.class);
		assertThat(attribute).isNotNull()
			.isSameAs(source.getTransactionAttribute(method(method), Implementation.class));
		return attribute;
	}

	private static Method method(String name) {
		Method method = ReflectionUtils.findMethod(Implementation.class, name);
		assertThat(method).isNotNull();
		return method;
	}

	private static TransactionAttribute annotation(Class<?> annotated) {
		TransactionAttribute attribute = new RetryableTransactionAttributeSource()
			.determineTransactionAttribute(annotated);
		assertThat(attribute).isInstanceOf(RetryableTransactionAttribute.class);
		return ((RetryableTransactionAttribute) attribute).target();
	}

	@RetryableTransaction
	interface Plain {

	}

	@RetryableTransaction(value = "other", timeout = 7, isolation = Isolation.SERIALIZABLE,
			noRollbackFor = IOException.class)
	interface Particular {

	}

	@Transactional(readOnly = true, timeout = 3, value = "own", label = "own", rollbackFor = IOException.class)
	static class Implementation {

		public void find() {
		}

		@Transactional
		public void save() {
		}

	}

}
