package io.github.resilientdb.jpa;

import org.jspecify.annotations.Nullable;

/**
 * Knows entities, or aggregates.
 */
public abstract class ObjectTypes {

	ObjectTypes() {
	}

	/**
	 * Return how snapshots are taken of the instances of a class. Asked once for each.
	 * @param type the class
	 * @return {@code null} if they are neither entities nor aggregates
	 */
	abstract @Nullable ObjectType find(Class<?> type);

}
