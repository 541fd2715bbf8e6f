package io.github.resilientdb.retry.method;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;

import io.github.resilientdb.RetryableTransaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.core.annotation.AliasFor;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RetryableTransactionAttributeSource}.
 */
class RetryableTransactionAttributeSourceTests {

	private final RetryableTransactionAttributeSource source = new RetryableTransactionAttributeSource();

	@Test
	void findsTheMostSpecificMethod() {
		assertThat(maxAttempts(OnMethod.class)).isEqualTo(2);
	}

	@Test
	void findsTheClass() {
		assertThat(maxAttempts(OnClass.class)).isEqualTo(3);
		assertThat(maxAttempts(InheritsClass.class)).isEqualTo(3);
	}

	@Test
	void findsTheInterface() {
		assertThat(maxAttempts(OfInterface.class)).isEqualTo(4);
		assertThat(maxAttempts(OfInterfaceMethod.class)).isEqualTo(5);
	}

	@Test
	void findsTheMethodOfAnInterfaceThatAProxyWasCalledThrough() throws NoSuchMethodException {
		Method method = MethodOfInterface.class.getMethod("work");
		assertThat(this.source.find(method, OfInterfaceMethod.class)).isNotNull();
	}

	@Test
	void findsAComposedAnnotationWithItsAttributes() {
		RetryableTransactionAttribute attribute = find(Composed.class);
		assertThat(attribute).isNotNull();
		assertThat(attribute.annotation().maxAttempts()).isEqualTo(6);
		assertThat(attribute.getPropagationBehavior()).isEqualTo(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
	}

	@Test
	void prefersAPlainTransactionThatIsMoreSpecific() {
		assertThat(find(PlainMethod.class)).isNull();
		assertThat(find(PlainMethodOfInterface.class)).isNull();
		assertThat(find(PlainSubclass.class)).isNull();
		assertThat(find(JakartaMethod.class)).isNull();
	}

	@Test
	void isPreferredToAPlainTransactionThatIsLessSpecific() {
		assertThat(maxAttempts(OverPlainClass.class)).isEqualTo(7);
		assertThat(maxAttempts(OverPlainInterface.class)).isEqualTo(8);
	}

	@Test
	void refusesAPlainTransactionBesideIt() {
		assertThatExceptionOfType(InvalidRetryableMethodException.class).isThrownBy(() -> find(Beside.class))
			.withMessageContaining("@Transactional is beside it");
	}

	private int maxAttempts(Class<?> type) {
		RetryableTransactionAttribute attribute = find(type);
		return (attribute != null) ? attribute.annotation().maxAttempts() : -1;
	}

	private @Nullable RetryableTransactionAttribute find(Class<?> type) {
		Method method = ReflectionUtils.findMethod(type, "work");
		assertThat(method).isNotNull();
		return this.source.find(method, type);
	}

	@RetryableTransaction(maxAttempts = 9)
	static class OnMethod {

		@RetryableTransaction(maxAttempts = 2)
		void work() {
		}

	}

	@RetryableTransaction(maxAttempts = 3)
	static class OnClass {

		void work() {
		}

	}

	static class InheritsClass extends OnClass {

		@Override
		void work() {
		}

	}

	@RetryableTransaction(maxAttempts = 4)
	interface Interface {

		void work();

	}

	static class OfInterface implements Interface {

		@Override
		public void work() {
		}

	}

	interface MethodOfInterface {

		@RetryableTransaction(maxAttempts = 5)
		void work();

	}

	static class OfInterfaceMethod implements MethodOfInterface {

		@Override
		public void work() {
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@RetryableTransaction(propagation = Propagation.REQUIRES_NEW)
	@interface Patient {

		@AliasFor(annotation = RetryableTransaction.class)
		int maxAttempts();

	}

	static class Composed {

		@Patient(maxAttempts = 6)
		void work() {
		}

	}

	@RetryableTransaction
	static class PlainMethod {

		@Transactional
		void work() {
		}

	}

	static class PlainMethodOfInterface implements MethodOfInterface {

		@Override
		@Transactional
		public void work() {
		}

	}

	@Transactional
	static class PlainSubclass extends OnClass {

		@Override
		void work() {
		}

	}

	@RetryableTransaction
	static class JakartaMethod {

		@jakarta.transaction.Transactional
		void work() {
		}

	}

	@Transactional
	static class Plain {

	}

	@RetryableTransaction(maxAttempts = 7)
	static class OverPlainClass extends Plain {

		void work() {
		}

	}

	interface PlainInterface {

		@Transactional
		void work();

	}

	static class OverPlainInterface implements PlainInterface {

		@Override
		@RetryableTransaction(maxAttempts = 8)
		public void work() {
		}

	}

	static class Beside {

		@Transactional
		@RetryableTransaction
		void work() {
		}

	}

}
