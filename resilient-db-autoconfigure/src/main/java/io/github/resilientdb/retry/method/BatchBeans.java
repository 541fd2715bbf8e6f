package io.github.resilientdb.retry.method;

import org.springframework.util.ClassUtils;

/**
 * Tells the beans of Spring Batch, which no pattern selects: a rerun would begin where
 * the reader of the failed attempt is by now, not where that attempt had begun, and items
 * would be lost. Its repository of jobs, which is not about items, is always rerun.
 */
final class BatchBeans {

	private static final String BATCH = "org.springframework.batch.";

	private static final String REPOSITORY = BATCH + "core.repository.";

	private BatchBeans() {
	}

	static boolean isRepository(Class<?> type) {
		return isA(type, REPOSITORY);
	}

	static boolean isExcluded(Class<?> type) {
		return isA(type, BATCH) && !isRepository(type);
	}

	private static boolean isA(Class<?> type, String prefix) {
		for (Class<?> candidate : ClassUtils.getAllInterfacesForClass(type)) {
			if (candidate.getName().startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

}
