package io.github.resilientdb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RetryableTransactionTemplate}.
 */
class RetryableTransactionTemplateTests {

	private final List<String> told = new ArrayList<>();

	private final Manager manager = new Manager("bank");

	private final Reruns reruns = new Reruns();

	private final RetryableTransactionTemplate template = new RetryableTransactionTemplate(this.manager, this.reruns);

	@Test
	void eachRunOfTheCallbackIsATransactionOfItsOwn() {
		this.reruns.runs = 2;
		assertThat(this.template.<String>execute((status) -> {
			this.told.add("work");
			return "done";
		})).isEqualTo("done");
		assertThat(this.told).containsExactly("bank begin", "work", "bank commit", "bank begin", "work", "bank commit");
	}

	@Test
	void callbackThatFailsIsRolledBack() {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.template.execute((status) -> {
			throw new IllegalStateException("no money");
		}));
		assertThat(this.told).containsExactly("bank begin", "bank rollback");
	}

	@Test
	void passesOnWhatItIsSetTo() {
		this.template.setMaxAttempts(3);
		this.template.setDeadline(Duration.ofSeconds(5));
		this.template.setRerunIfUnknown(true);
		this.template.setReadOnly(true);
		this.template.setName("transfer");
		this.template.execute((status) -> "done");
		assertThat(this.reruns.options).isEqualTo(new RerunOperations.Options(3, Duration.ofSeconds(5), true));
		assertThat(this.reruns.definition.isReadOnly()).isTrue();
		assertThat(this.reruns.definition.getName()).isEqualTo("transfer");
		assertThat(this.reruns.manager).isSameAs(this.manager);
	}

	@Test
	void whatIsSetDuringACallDoesNotChangeItsReruns() {
		this.reruns.runs = 2;
		this.template.execute((status) -> {
			this.template.setReadOnly(true);
			return "done";
		});
		assertThat(this.manager.readOnly).containsExactly(false, false);
	}

	@Test
	void copyIsChangedAndTheOriginalIsNot() {
		this.template.setMaxAttempts(3);
		this.template.setTimeout(7);
		RetryableTransactionTemplate copy = this.template.with((changed) -> {
			changed.setReadOnly(true);
			changed.setDeadline(Duration.ofSeconds(1));
		});
		copy.execute((status) -> "done");
		assertThat(this.reruns.options).isEqualTo(new RerunOperations.Options(3, Duration.ofSeconds(1), false));
		assertThat(this.reruns.definition.getTimeout()).isEqualTo(7);
		assertThat(this.template.isReadOnly()).isFalse();
		this.template.execute((status) -> "done");
		assertThat(this.reruns.options).isEqualTo(new RerunOperations.Options(3, null, false));
	}

	@Test
	void copyForAnotherTransactionManagerKeepsTheRest() {
		this.template.setMaxAttempts(3);
		this.template.setReadOnly(true);
		this.template.withTransactionManager(new Manager("shop")).execute((status) -> "done");
		assertThat(this.told).containsExactly("shop begin", "shop commit");
		assertThat(this.reruns.options.maxAttempts()).isEqualTo(3);
		assertThat(this.reruns.definition.isReadOnly()).isTrue();
	}

	@Test
	void refusesWhatMakesNoSense() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.setMaxAttempts(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.setDeadline(Duration.ZERO));
	}

	@Test
	void isEqualToOneThatDoesTheSame() {
		RetryableTransactionTemplate same = this.template.with((copy) -> {
		});
		assertThat(same).isEqualTo(this.template).hasSameHashCodeAs(this.template);
		assertThat(this.template.with((copy) -> copy.setMaxAttempts(2))).isNotEqualTo(this.template);
		assertThat(this.template.with((copy) -> copy.setReadOnly(true))).isNotEqualTo(this.template);
		assertThat(this.template.withTransactionManager(new Manager("shop"))).isNotEqualTo(this.template);
	}

	private static final class Reruns implements RerunOperations {

		private int runs = 1;

		private PlatformTransactionManager manager;

		private TransactionDefinition definition;

		private Options options;

		@Override
		public <T extends @Nullable Object> T execute(PlatformTransactionManager transactionManager,
				TransactionDefinition definition, Options options, Callable<T> work) {
			this.manager = transactionManager;
			this.definition = definition;
			this.options = options;
			try {
				for (int i = 1; i < this.runs; i++) {
					work.call();
				}
				return work.call();
			}
			catch (RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	private final class Manager implements PlatformTransactionManager {

		private final String name;

		private final List<Boolean> readOnly = new ArrayList<>();

		Manager(String name) {
			this.name = name;
		}

		@Override
		public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
			this.readOnly.add(definition != null && definition.isReadOnly());
			return told("begin");
		}

		@Override
		public void commit(TransactionStatus status) {
			told("commit");
		}

		@Override
		public void rollback(TransactionStatus status) {
			told("rollback");
		}

		private TransactionStatus told(String what) {
			RetryableTransactionTemplateTests.this.told.add(this.name + " " + what);
			return new SimpleTransactionStatus();
		}

	}

}
