package io.github.resilientdb.jpa;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * The elements of a collection, a map or an array, in their order, by reference.
 */
final class CollectionSnapshot {

	private static final @Nullable Object[] NONE = {};

	private final Object container;

	private final @Nullable Object[] keys;

	private final @Nullable Object[] elements;

	private UnaryOperator<@Nullable Object[]> restored = UnaryOperator.identity();

	private CollectionSnapshot(Object container, @Nullable Object[] keys, @Nullable Object[] elements) {
		this.container = container;
		this.keys = keys;
		this.elements = elements;
	}

	/**
	 * Return whether an object has elements that can be put back.
	 * @param container the object
	 * @return whether it is a collection, a map, or an array of objects
	 */
	static boolean isContainer(@Nullable Object container) {
		return container instanceof Collection<?> || container instanceof Map<?, ?> || container instanceof Object[];
	}

	static CollectionSnapshot of(Object container) {
		if (container instanceof Map<?, ?> map) {
			return new CollectionSnapshot(container, map.keySet().toArray(), map.values().toArray());
		}
		return new CollectionSnapshot(container, NONE, elementsOf(container));
	}

	private static @Nullable Object[] elementsOf(Object container) {
		return (container instanceof Object[] array) ? array.clone() : ((Collection<?>) container).toArray();
	}

	/**
	 * Return the elements, of a map its values.
	 * @return the elements as they were
	 */
	@Nullable Object[] elements() {
		return this.elements;
	}

	@Nullable Object[] keys() {
		return this.keys;
	}

	/**
	 * Let other elements be put back, where what is inside of them has changed.
	 * @param restored takes the elements, and returns what to put back
	 */
	void replaceWith(UnaryOperator<@Nullable Object[]> restored) {
		this.restored = restored;
	}

	/**
	 * Put the elements back if they or their order changed, or if they can't be found by
	 * their hash any more.
	 */
	void restore() {
		@Nullable Object[] before = this.restored.apply(this.elements);
		if (this.container instanceof Map<?, ?> map) {
			if (!same(this.keys, map.keySet().toArray()) || !same(before, map.values().toArray())
					|| !map.keySet().containsAll(Arrays.asList(this.keys))) {
				putBack(map, before);
			}
		}
		else if (!same(before, elementsOf(this.container))
				|| (this.container instanceof Set<?> set && !set.containsAll(Arrays.asList(before)))) {
			putBack(before);
		}
	}

	@SuppressWarnings("unchecked")
	private void putBack(Map<?, ?> map, @Nullable Object[] values) {
		Map<@Nullable Object, @Nullable Object> target = (Map<@Nullable Object, @Nullable Object>) map;
		target.clear();
		for (int i = 0; i < this.keys.length; i++) {
			target.put(this.keys[i], values[i]);
		}
	}

	@SuppressWarnings("unchecked")
	private void putBack(@Nullable Object[] before) {
		if (this.container instanceof Object[] array) {
			System.arraycopy(before, 0, array, 0, array.length);
		}
		else {
			Collection<@Nullable Object> collection = (Collection<@Nullable Object>) this.container;
			collection.clear();
			collection.addAll(Arrays.asList(before));
		}
	}

	private static boolean same(@Nullable Object[] before, @Nullable Object[] now) {
		if (before.length != now.length) {
			return false;
		}
		for (int i = 0; i < before.length; i++) {
			if (before[i] != now[i]) {
				return false;
			}
		}
		return true;
	}

}
