package io.github.resilientdb.test.values;

import org.jspecify.annotations.Nullable;

/**
 * Values that stand for others: what an interface shows of a row, what is loaded later,
 * what leads to a response.
 */
final class StandIns {

	private StandIns() {
	}

	/**
	 * Return what a value stands for.
	 * @return that, or {@code null} if the value stands for itself
	 */
	static @Nullable Object target(Object value) {
		for (Class<?> implemented : value.getClass().getInterfaces()) {
			if (implemented.getName().equals("org.springframework.data.projection.TargetAware")) {
				return Getter.call(implemented, "getTarget", value);
			}
		}
		return HttpAnswer.in(value);
	}

	/**
	 * Hibernate's proxies and collections tell whether they are loaded.
	 */
	static boolean isUninitialized(Object value) {
		for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
			for (Class<?> implemented : type.getInterfaces()) {
				if (implemented.getName().equals("org.hibernate.proxy.HibernateProxy")) {
					return true;
				}
				if (implemented.getName().equals("org.hibernate.collection.spi.PersistentCollection")) {
					return !Boolean.TRUE.equals(Getter.call(implemented, "wasInitialized", value));
				}
			}
		}
		return false;
	}

}
