package io.github.resilientdb.jpa;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

import org.hibernate.collection.spi.PersistentCollection;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a collection, a map or an array, in their order. A wrapper of
 * Hibernate's changes those of the collection that it was given.
 */
abstract class Elements {

	/**
	 * Record the elements.
	 * @param container a collection, a map or an array; initialized if Hibernate's
	 * @return what they were
	 */
	static Elements of(Object container) {
		Elements elements = ofPlain(container);
		return (container instanceof PersistentCollection<?> wrapper) ? new Wrapped(wrapper, elements) : elements;
	}

	@SuppressWarnings("unchecked")
	private static Elements ofPlain(Object container) {
		if (container instanceof Collection<?> collection) {
			return new OfCollection((Collection<Object>) collection);
		}
		if (container instanceof Map<?, ?> map) {
			return new OfMap((Map<Object, Object>) map);
		}
		return (container instanceof Object[] array) ? new OfArray(array) : new None();
	}

	abstract @Nullable Object[] before();

	abstract @Nullable Object[] now();

	/**
	 * Return whether the elements are others, or in another order.
	 * @return whether they differ
	 */
	boolean isDifferent() {
		return !same(before(), now());
	}

	/**
	 * Put the elements back where they differ.
	 */
	void restore() {
		if (isDifferent()) {
			putBack();
		}
	}

	abstract void putBack();

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

	private static final class OfCollection extends Elements {

		private final Collection<Object> collection;

		private final @Nullable Object[] before;

		private OfCollection(Collection<Object> collection) {
			this.collection = collection;
			this.before = collection.toArray();
		}

		@Override
		@Nullable Object[] before() {
			return this.before;
		}

		@Override
		@Nullable Object[] now() {
			return this.collection.toArray();
		}

		@Override
		void putBack() {
			this.collection.clear();
			this.collection.addAll(Arrays.asList(this.before));
		}

	}

	private static final class OfMap extends Elements {

		private final Map<Object, Object> map;

		private final @Nullable Object[] keys;

		private final @Nullable Object[] values;

		private OfMap(Map<Object, Object> map) {
			this.map = map;
			this.keys = map.keySet().toArray();
			this.values = map.values().toArray();
		}

		@Override
		@Nullable Object[] before() {
			return this.values;
		}

		@Override
		@Nullable Object[] now() {
			return this.map.values().toArray();
		}

		@Override
		boolean isDifferent() {
			return super.isDifferent() || !same(this.keys, this.map.keySet().toArray());
		}

		@Override
		void putBack() {
			this.map.clear();
			for (int i = 0; i < this.keys.length; i++) {
				this.map.put(this.keys[i], this.values[i]);
			}
		}

	}

	private static final class OfArray extends Elements {

		private final @Nullable Object[] array;

		private final @Nullable Object[] before;

		private OfArray(@Nullable Object[] array) {
			this.array = array;
			this.before = array.clone();
		}

		@Override
		@Nullable Object[] before() {
			return this.before;
		}

		@Override
		@Nullable Object[] now() {
			return this.array;
		}

		@Override
		void putBack() {
			System.arraycopy(this.before, 0, this.array, 0, this.array.length);
		}

	}

	/**
	 * Primitive arrays and what else only Hibernate knows.
	 */
	private static final class None extends Elements {

		@Override
		@Nullable Object[] before() {
			return new Object[0];
		}

		@Override
		@Nullable Object[] now() {
			return new Object[0];
		}

		@Override
		void putBack() {
		}

	}

	/**
	 * A wrapper that was there before also has what it believes to be in the database.
	 */
	private static final class Wrapped extends Elements {

		private final PersistentCollection<?> wrapper;

		private final Elements elements;

		private final @Nullable Serializable snapshot;

		private final boolean dirty;

		private Wrapped(PersistentCollection<?> wrapper, Elements elements) {
			this.wrapper = wrapper;
			this.elements = elements;
			this.snapshot = wrapper.getStoredSnapshot();
			this.dirty = wrapper.isDirty();
		}

		@Override
		@Nullable Object[] before() {
			return this.elements.before();
		}

		@Override
		@Nullable Object[] now() {
			return this.elements.now();
		}

		@Override
		boolean isDifferent() {
			return this.elements.isDifferent();
		}

		@Override
		void putBack() {
			this.elements.putBack();
		}

		@Override
		void restore() {
			super.restore();
			this.wrapper.setSnapshot(this.wrapper.getKey(), this.wrapper.getRole(), this.snapshot);
			if (this.dirty) {
				this.wrapper.dirty();
			}
			else {
				this.wrapper.clearDirty();
			}
		}

	}

}
