package io.github.resilientdb.jpa;

import java.util.function.Consumer;

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

	/**
	 * Takes snapshots of the instances of one class.
	 */
	@FunctionalInterface
	interface ObjectType {

		/**
		 * Take a snapshot. Loads nothing, and runs no code of users but accessors.
		 * @param instance the instance
		 * @param reached takes what it refers to: of this too a snapshot is to be taken
		 * if it is of such a type
		 * @return the snapshot
		 */
		ObjectSnapshot take(Object instance, Consumer<@Nullable Object> reached);

	}

	/**
	 * What one object was like.
	 */
	interface ObjectSnapshot {

		/**
		 * Put back whatever stands in the object itself.
		 */
		void restoreAttributes();

		/**
		 * Put back the elements of its collections, once all objects have their
		 * attributes back: those that are based on hashes need the identifiers.
		 */
		void restoreElements();

	}

}
