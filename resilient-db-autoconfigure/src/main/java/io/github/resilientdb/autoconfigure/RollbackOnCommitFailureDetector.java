package io.github.resilientdb.autoconfigure;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/**
 * Refuses transaction managers that would report a rollback where nobody knows.
 */
final class RollbackOnCommitFailureDetector implements BeanPostProcessor {

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AbstractPlatformTransactionManager manager && manager.isRollbackOnCommitFailure()) {
			throw new RollbackOnCommitFailureException(beanName);
		}
		return bean;
	}

}
