package io.github.resilientdb.retry.method;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;

import io.github.resilientdb.RetryableTransaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RetryableMethods}.
 */
class RetryableMethodsTests {

	private final RetryableMethods methods = new RetryableMethods(
			RetryableMethodPatterns.of(List.of("*Plain.save", "*Plain.read*")));

	@BeforeEach
	void resolvePlaceholders() {
		this.methods.setPlaceholders((text) -> switch (text) {
			case "${good}" -> "7s";
			case "${bad}" -> "soon";
			case "${missing}" -> throw new IllegalArgumentException("Could not resolve placeholder 'missing'");
			default -> text;
		});
	}

	private RetryableMethod get(String method) {
		return get(method, Bank.class);
	}

	private RetryableMethod get(String method, @Nullable Class<?> type) {
		Method found = ClassUtils.getMethod((type != null) ? type : Bank.class, method, (Class<?>[]) null);
		return this.methods.get(found, type);
	}

	@Test
	void readsWhatTheAnnotationOfAMethodSays() {
		RetryableMethod method = get("transfer");
		assertThat(method.call()).hasToString(Bank.class.getName() + ".transfer");
		assertThat(method.selection()).isEqualTo(Selection.METHOD);
		assertThat(method.name()).isEqualTo(Bank.class.getName() + ".transfer");
		assertThat(method.transactionName()).isEqualTo(method.name());
		assertThat(method.propagation()).isEqualTo(Propagation.REQUIRES_NEW.value());
		assertThat(method.transactionManager()).isEqualTo("bank");
		assertThat(method.options().maxAttempts()).isEqualTo(3);
		assertThat(method.options().deadline()).isEqualTo(Duration.ofSeconds(10));
		assertThat(method.options().rerunIfUnknown()).isTrue();
	}

	@Test
	void readsTheAnnotationOfTheClass() {
		RetryableMethod method = get("any", OnType.class);
		assertThat(method.selection()).isEqualTo(Selection.TYPE);
		assertThat(method.options().deadline()).isNull();
		assertThat(this.methods.isRetryable(ClassUtils.getMethod(OnType.class, "any"), OnType.class)).isTrue();
	}

	@Test
	void readsEachMethodOnce() {
		assertThat(get("transfer")).isSameAs(get("transfer"));
	}

	@Test
	void methodWithoutAnAnnotationIsNone() {
		assertThat(get("nothing")).isSameAs(RetryableMethod.NONE);
		assertThat(get("nothing", null)).isSameAs(RetryableMethod.NONE);
		assertThat(this.methods.isRetryable(ClassUtils.getMethod(Bank.class, "nothing"), Bank.class)).isFalse();
	}

	@Test
	void deadlineMayBeWrittenInEveryStyleAndBeAPlaceholder() {
		assertThat(get("iso").options().deadline()).isEqualTo(Duration.ofSeconds(90));
		assertThat(get("placeholder").options().deadline()).isEqualTo(Duration.ofSeconds(7));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "noUnit | deadline (\"10\") has no unit: did you mean \"10s\"?",
					"zero | deadline (\"0s\") must be positive", "negative | deadline (\"-5s\") must be positive",
					"noDuration | deadline (\"soon\") is not a duration",
					"badPlaceholder | deadline (\"soon\" from \"${bad}\") is not a duration",
					"missingPlaceholder | deadline (\"${missing}\") has a placeholder that can't be resolved",
					"negativeAttempts | maxAttempts (-1) must be positive, or 0 for the property" })
	void refusesWhatMakesNoSense(String method, String rule) {
		assertThatExceptionOfType(InvalidRetryableMethodException.class).isThrownBy(() -> get(method))
			.satisfies((failure) -> {
				assertThat(failure.getRule()).isEqualTo(rule);
				assertThat(failure.getMethod()).isEqualTo(Bank.class.getName() + "." + method);
			});
	}

	@Test
	void selectsByPatternWhatHasATransactionThatMayBegin() {
		register();
		RetryableMethod method = get("save", Plain.class);
		assertThat(method.selection()).isEqualTo(Selection.PROPERTY);
		assertThat(method.call()).hasToString(Plain.class.getName() + ".save");
		assertThat(get("readSupporting", Plain.class)).as("never begins one").isSameAs(RetryableMethod.NONE);
		assertThat(get("readWithout", Plain.class)).as("has none").isSameAs(RetryableMethod.NONE);
		assertThat(get("other", Plain.class)).as("not selected").isSameAs(RetryableMethod.NONE);
		assertThat(this.methods.isCandidateClass(Plain.class)).isTrue();
	}

	@Test
	void selectsNothingOfABeanThatItHasNotSeen() {
		assertThat(get("save", Plain.class)).isSameAs(RetryableMethod.NONE);
		assertThat(this.methods.isCandidateClass(Plain.class)).isFalse();
	}

	@Test
	void looksAtNoBeanIfThereAreNoPatterns() {
		RetryableMethods none = new RetryableMethods(RetryableMethodPatterns.NONE);
		none.register(plain(), Plain.class);
		assertThat(none.isCandidateClass(Plain.class)).isFalse();
		assertThat(none.isCandidateClass(Bank.class)).isTrue();
	}

	private void register() {
		this.methods.register(plain(), Plain.class);
	}

	private static Object plain() {
		TransactionInterceptor interceptor = new TransactionInterceptor();
		interceptor.setTransactionAttributeSource(new AnnotationTransactionAttributeSource());
		ProxyFactory factory = new ProxyFactory(new Plain());
		factory.setProxyTargetClass(true);
		factory.addAdvice(interceptor);
		return factory.getProxy();
	}

	static class Bank {

		@RetryableTransaction(transactionManager = "bank", propagation = Propagation.REQUIRES_NEW, maxAttempts = 3,
				deadline = "10s", rerunIfUnknown = true)
		public void transfer() {
		}

		@RetryableTransaction(deadline = "PT1M30S")
		public void iso() {
		}

		@RetryableTransaction(deadline = "${good}")
		public void placeholder() {
		}

		@RetryableTransaction(deadline = "10")
		public void noUnit() {
		}

		@RetryableTransaction(deadline = "0s")
		public void zero() {
		}

		@RetryableTransaction(deadline = "-5s")
		public void negative() {
		}

		@RetryableTransaction(deadline = "soon")
		public void noDuration() {
		}

		@RetryableTransaction(deadline = "${bad}")
		public void badPlaceholder() {
		}

		@RetryableTransaction(deadline = "${missing}")
		public void missingPlaceholder() {
		}

		@RetryableTransaction(maxAttempts = -1)
		public void negativeAttempts() {
		}

		public void nothing() {
		}

	}

	@RetryableTransaction
	static class OnType {

		public void any() {
		}

	}

	static class Plain {

		@Transactional
		public void save() {
		}

		@Transactional(propagation = Propagation.SUPPORTS)
		public void readSupporting() {
		}

		public void readWithout() {
		}

		@Transactional
		public void other() {
		}

	}

}
