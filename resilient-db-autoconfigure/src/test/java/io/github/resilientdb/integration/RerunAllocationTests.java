package io.github.resilientdb.integration;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.autoconfigure.ResilientDbDisconnectAutoConfiguration;
import io.github.resilientdb.autoconfigure.ResilientDbRetryAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a call costs that is not rerun.
 */
class RerunAllocationTests {

	private static final int CALLS = 200_000;

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	@Test
	void isLittleMoreThanThatOfATransaction() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, TransactionAutoConfiguration.class,
					ResilientDbDisconnectAutoConfiguration.class, ResilientDbRetryAutoConfiguration.class))
			.withBean(NoTransactions.class)
			.withBean(Plain.class)
			.withBean(Retryable.class)
			.run((context) -> {
				Plain plain = context.getBean(Plain.class);
				Retryable retryable = context.getBean(Retryable.class);
				assertThat(bytesPerCall(retryable::work) - bytesPerCall(plain::work)).isLessThan(400);
			});
	}

	private double bytesPerCall(Runnable work) {
		repeat(work);
		long before = this.threads.getCurrentThreadAllocatedBytes();
		repeat(work);
		return (this.threads.getCurrentThreadAllocatedBytes() - before) / (double) CALLS;
	}

	private static void repeat(Runnable work) {
		for (int i = 0; i < CALLS; i++) {
			work.run();
		}
	}

	static class Plain {

		@Transactional
		void work() {
		}

	}

	static class Retryable {

		@RetryableTransaction
		void work() {
		}

	}

	@SuppressWarnings("serial")
	static class NoTransactions extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}
