package io.github.resilientdb.retry;

import org.springframework.util.ClassUtils;

/**
 * Tells the beans of Spring Batch, which no pattern selects: a rerun would begin where
 * the reader of the failed attempt is by now, not where that attempt had begun, and items
 * would be lost. Its repository of jobs is not about items.
 */
final class BatchBeans {

	private static final String BATCH = "org.springframework.batch.";

	private static final String REPOSITORY = BATCH + "core.repository.";

	private BatchBeans() {
	}

	static boolean isExcluded(Class<?> type) {
		boolean batch = false;
		for (Class<?> candidate : ClassUtils.getAllInterfacesForClass(type)) {
			if (candidate.getName().startsWith(REPOSITORY)) {
				return false;
			}
			batch |= candidate.getName().startsWith(BATCH);
		}
		return batch;
	}

}
