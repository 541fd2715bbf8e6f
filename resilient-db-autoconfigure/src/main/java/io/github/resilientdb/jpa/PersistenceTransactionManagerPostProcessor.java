package io.github.resilientdb.jpa;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * Adds a {@link PersistenceTransactionListener} and an {@link UncommittedSession} to each
 * transaction manager, whoever defined it.
 */
public final class PersistenceTransactionManagerPostProcessor implements BeanPostProcessor, Ordered {

	private final PersistenceTransactionListener listener = new PersistenceTransactionListener();

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ConfigurableTransactionManager manager) {
			listen(manager, this.listener);
			if (bean instanceof ResourceTransactionManager resource) {
				listen(manager, new UncommittedSession(resource));
			}
		}
		return bean;
	}

	private static void listen(ConfigurableTransactionManager manager, TransactionExecutionListener listener) {
		if (!manager.getTransactionExecutionListeners().contains(listener)) {
			manager.addListener(listener);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
