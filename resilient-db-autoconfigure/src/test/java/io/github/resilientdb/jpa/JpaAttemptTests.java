package io.github.resilientdb.jpa;

import java.lang.reflect.Proxy;

import org.hibernate.event.spi.EventSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import org.springframework.dao.InvalidDataAccessApiUsageException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JpaAttempt}, without a session that is bound to the thread. With one:
 * {@link SessionFactoriesTests}.
 */
// An attempt is confined to its thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class JpaAttemptTests {

	private final IllegalStateException obstacle = new IllegalStateException("not observable");

	private final EventSource session = (EventSource) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { EventSource.class }, (proxy, method, arguments) -> {
				throw this.obstacle;
			});

	private static JpaAttempt open(String call) {
		JpaAttempt.open(call, (factory) -> {
			throw new AssertionError("there is no session");
		});
		return JpaAttempt.current();
	}

	@AfterEach
	void noneIsLeft() {
		assertThat(JpaAttempt.current()).isNull();
	}

	@Test
	void nest() {
		JpaAttempt outer = open("outer");
		JpaAttempt inner = open("inner");
		assertThat(inner).isNotSameAs(outer);
		assertThat(JpaAttempt.close()).isSameAs(inner);
		assertThat(JpaAttempt.current()).isSameAs(outer);
		assertThat(JpaAttempt.close()).isSameAs(outer);
		assertThat(JpaAttempt.close()).as("none is left").isNull();
	}

	@Test
	void isNotRerunIfItIsNotKnownWhatToPutBack() {
		JpaAttempt attempt = open("Bank.transfer");
		attempt.persisting(this.session, null, new Object());
		JpaAttempt.close();
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class)
			.isThrownBy(() -> attempt.discard(new PersistenceAttemptListener.RestorationLog()))
			.withMessageContaining("Bank.transfer")
			.withMessageContaining("not observable")
			.satisfies((refusal) -> assertThat(refusal.getSuppressed()).containsExactly(this.obstacle));
	}

	@Test
	void whatCannotBePutBackDoesNotMatterIfItIsNotRerun() {
		JpaAttempt attempt = open("Bank.transfer");
		attempt.persisting(this.session, null, new Object());
		JpaAttempt.close();
		assertThatCode(() -> attempt.complete(true)).doesNotThrowAnyException();
	}

}
