package io.github.resilientdb.jpa;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.transaction.ConfigurableTransactionManager;

/**
 * Adds a {@link PersistenceTransactionListener} to each transaction manager, whoever
 * defined it.
 */
public final class PersistenceTransactionManagerPostProcessor implements BeanPostProcessor, Ordered {

	private final PersistenceTransactionListener listener = new PersistenceTransactionListener();

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ConfigurableTransactionManager manager
				&& !manager.getTransactionExecutionListeners().contains(this.listener)) {
			manager.addListener(this.listener);
		}
		return bean;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
