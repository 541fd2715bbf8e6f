package io.github.resilientdb.retry.method;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.scheduling.annotation.AsyncAnnotationBeanPostProcessor;
import org.springframework.scheduling.config.TaskManagementConfigUtils;

/**
 * Tells whether something makes methods that are annotated with {@code @Async}
 * asynchronous.
 */
public final class AsyncSupport {

	private final BeanFactory beanFactory;

	public AsyncSupport(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	public boolean isEnabled() {
		return this.beanFactory.containsBean(TaskManagementConfigUtils.ASYNC_EXECUTION_ASPECT_BEAN_NAME)
				|| !(this.beanFactory instanceof ListableBeanFactory beans)
				|| beans.getBeanNamesForType(AsyncAnnotationBeanPostProcessor.class, true, false).length > 0;
	}

}
