package io.github.resilientdb.retry.method;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.stream.Stream;

import io.github.resilientdb.RetryableTransaction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CandidateClasses}.
 */
class CandidateClassesTests {

	private final CandidateClasses candidates = new CandidateClasses(RetryableTransaction.class);

	@ParameterizedTest
	@ValueSource(classes = { OnClass.class, OnMethod.class, OnPrivateMethod.class, OnInterface.class,
			OnMethodOfInterface.class, Composed.class, ComposedTwice.class, OfParent.class, OfInterfaceOfParent.class })
	void findsTheAnnotationWhereverSpringDoes(Class<?> type) {
		assertThat(this.candidates.mayContain(type)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(classes = { Plain.class, Others.class, JdbcTemplate.class, ArrayList.class, Object.class })
	void excludesWhatHasNone(Class<?> type) {
		assertThat(this.candidates.mayContain(type)).isFalse();
	}

	@RetryableTransaction
	static class OnClass {

	}

	static class OnMethod {

		void first() {
		}

		@RetryableTransaction
		void second() {
		}

	}

	static class OnPrivateMethod {

		@RetryableTransaction
		private void hidden() {
		}

	}

	@RetryableTransaction
	interface OnInterface {

	}

	interface OnMethodOfInterface {

		@RetryableTransaction
		void run();

	}

	@RetryableTransaction
	@Retention(RetentionPolicy.RUNTIME)
	@interface Ours {

	}

	@Ours
	@Retention(RetentionPolicy.RUNTIME)
	@interface OursAgain {

	}

	@Ours
	static class Composed {

	}

	static class ComposedTwice {

		@OursAgain
		void run() {
		}

	}

	static class OfParent extends OnMethod {

	}

	interface Inheriting extends OnMethodOfInterface {

	}

	abstract static class Parent implements Inheriting {

	}

	static class OfInterfaceOfParent extends Parent {

		@Override
		public void run() {
		}

	}

	static class Plain implements Runnable {

		@Override
		public void run() {
		}

	}

	@Transactional
	static class Others {

		@Deprecated
		Stream<String> run() {
			return Stream.empty();
		}

	}

}
