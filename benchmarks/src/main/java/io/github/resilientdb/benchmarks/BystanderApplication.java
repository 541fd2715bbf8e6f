package io.github.resilientdb.benchmarks;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * An application with transactions, but without a database.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
class BystanderApplication {

	@Bean
	PlatformTransactionManager transactionManager() {
		return new IdleTransactionManager();
	}

	@Bean
	Bystander bystander() {
		return new Bystander();
	}

	/**
	 * Has nothing to begin and nothing to commit.
	 */
	@SuppressWarnings("serial")
	private static final class IdleTransactionManager extends AbstractPlatformTransactionManager {

		private static final Object TRANSACTION = new Object();

		@Override
		protected Object doGetTransaction() {
			return TRANSACTION;
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
