package io.github.resilientdb.retry;

import java.lang.reflect.Method;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * Knows which reruns share a budget: those of one DataSource, whichever of its
 * transaction managers begins them, and whether by annotation or by a template.
 */
public class BudgetScopes {

	private final Supplier<BeanFactory> beanFactory;

	/**
	 * Create the scopes.
	 * @param beanFactory where the transaction managers are
	 */
	public BudgetScopes(Supplier<BeanFactory> beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Return the scope of a transaction manager as an annotation names it.
	 * @param qualifier its qualifier or name, empty for the default one
	 * @return what stands for the budget
	 */
	Object of(String qualifier) {
		try {
			BeanFactory beans = this.beanFactory.get();
			return of(StringUtils.hasText(qualifier)
					? BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, TransactionManager.class, qualifier)
					: beans.getBean(TransactionManager.class));
		}
		catch (BeansException ex) {
			return qualifier; // Spring says what is wrong with it when the method runs
		}
	}

	/**
	 * Return the scope of a transaction manager.
	 * @param manager the transaction manager
	 * @return what stands for the budget
	 */
	Object of(TransactionManager manager) {
		Object dataSource = dataSource(manager);
		if (dataSource instanceof DataSource found) {
			return undecorated(found);
		}
		return (manager instanceof ResourceTransactionManager resources) ? resources.getResourceFactory() : manager;
	}

	// Not by type, since JPA's need not be there
	private static @Nullable Object dataSource(TransactionManager manager) {
		Method getter = ReflectionUtils.findMethod(manager.getClass(), "getDataSource");
		return (getter != null) ? ReflectionUtils.invokeMethod(getter, manager) : null;
	}

	private static DataSource undecorated(DataSource dataSource) {
		DataSource target = dataSource;
		while (target instanceof DelegatingDataSource delegating && delegating.getTargetDataSource() != null) {
			target = delegating.getTargetDataSource();
		}
		return target;
	}

}
