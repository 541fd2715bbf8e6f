package io.github.resilientdb.retry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;

/**
 * Listens to every transaction manager, not only to those that Spring Boot configures.
 * What can't be listened to is never rerun.
 */
public final class TransactionManagerPostProcessor implements BeanPostProcessor, PriorityOrdered {

	private static final Logger logger = LoggerFactory.getLogger(TransactionManagerPostProcessor.class);

	// By name, since jakarta.transaction need not be there
	private static final String JTA = "org.springframework.transaction.jta.JtaTransactionManager";

	private final TransactionPhaseListener listener = new TransactionPhaseListener();

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!(bean instanceof TransactionManager)) {
			return bean;
		}
		if (isJta(bean.getClass())) {
			logger.warn("Transactions of '{}' are never rerun: a JTA transaction has more than one resource", beanName);
		}
		else if (bean instanceof ConfigurableTransactionManager manager) {
			listenTo(manager);
		}
		else if (bean instanceof PlatformTransactionManager) {
			logger.warn("Transactions of '{}' are never rerun: {} has no listeners", beanName,
					bean.getClass().getName());
		}
		return bean;
	}

	private void listenTo(ConfigurableTransactionManager manager) {
		if (!manager.getTransactionExecutionListeners().contains(this.listener)) {
			manager.addListener(this.listener);
		}
	}

	private static boolean isJta(Class<?> type) {
		for (Class<?> candidate = type; candidate != null; candidate = candidate.getSuperclass()) {
			if (candidate.getName().equals(JTA)) {
				return true;
			}
		}
		return false;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
