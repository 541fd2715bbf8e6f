package io.github.resilientdb.jpa;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Takes snapshots of the instances of one class.
 */
@FunctionalInterface
interface ObjectType {

	/**
	 * Take a snapshot. Loads nothing, and runs no code of users but accessors.
	 * @param instance the instance
	 * @param reached takes what it refers to: of this too a snapshot is to be taken if it
	 * is of such a type
	 * @return the snapshot
	 */
	ObjectSnapshot take(Object instance, Consumer<@Nullable Object> reached);

}
