package io.github.resilientdb.jpa;

import java.util.Arrays;
import java.util.function.BiConsumer;

import org.hibernate.bytecode.enhance.spi.LazyPropertyInitializer;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.type.BasicType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * Values of attributes, by reference; of those that may be changed in place also a copy.
 */
final class AttributeValues {

	private final Type[] types;

	private final @Nullable Object[] before;

	// Made when it is needed: most entities have no mutable values
	private @Nullable Object @Nullable [] copies;

	private final SessionFactoryImplementor factory;

	AttributeValues(Type[] types, @Nullable Object[] values, SessionFactoryImplementor factory) {
		this.types = types;
		this.before = values;
		this.factory = factory;
		for (int i = 0; i < size(); i++) {
			if (values[i] != null && types[i] instanceof BasicType<?> && types[i].isMutable() && isLoaded(i)) {
				this.copies = (this.copies != null) ? this.copies : new @Nullable Object[values.length];
				this.copies[i] = types[i].deepCopy(values[i], factory);
			}
		}
	}

	/**
	 * Keep values that are all of one type.
	 */
	AttributeValues(Type type, @Nullable Object[] values, SessionFactoryImplementor factory) {
		this(sameType(type, values.length), values, factory);
	}

	private static Type[] sameType(Type type, int number) {
		Type[] types = new Type[number];
		Arrays.fill(types, type);
		return types;
	}

	// The last value of an embeddable that has subtypes is its discriminator
	int size() {
		return Math.min(this.types.length, this.before.length);
	}

	Type type(int index) {
		return this.types[index];
	}

	@Nullable Object before(int index) {
		return this.before[index];
	}

	boolean differ(@Nullable Object[] now) {
		for (int i = 0; i < size(); i++) {
			if (differs(i, now[i])) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Set what differs.
	 * @param now what the values are now
	 * @param setter sets a value by its index
	 */
	void restore(@Nullable Object[] now, BiConsumer<Integer, @Nullable Object> setter) {
		for (int i = 0; i < size(); i++) {
			if (differs(i, now[i])) {
				setter.accept(i, restored(i));
			}
		}
	}

	/**
	 * Return what to put back: the instances that were there, or copies of those that
	 * have been changed inside.
	 * @return all values
	 */
	@Nullable Object[] restored() {
		return restored(this.before);
	}

	@Nullable Object[] restored(@Nullable Object[] instances) {
		if (this.copies == null) {
			return instances;
		}
		@Nullable Object[] restored = instances.clone();
		for (int i = 0; i < size(); i++) {
			restored[i] = restored(i);
		}
		return restored;
	}

	private @Nullable Object restored(int index) {
		return isChangedInside(index) ? this.types[index].deepCopy(copy(index), this.factory) : this.before[index];
	}

	private boolean differs(int index, @Nullable Object now) {
		Object value = this.before[index];
		if (!isLoaded(index)) {
			return false;
		}
		if (value == now) {
			return isChangedInside(index);
		}
		Type type = this.types[index];
		return !(type instanceof BasicType<?> && !type.isMutable() && type.isSame(value, now));
	}

	private boolean isChangedInside(int index) {
		Object copy = copy(index);
		return copy != null && !this.types[index].isEqual(copy, this.before[index]);
	}

	private @Nullable Object copy(int index) {
		return (this.copies != null) ? this.copies[index] : null;
	}

	private boolean isLoaded(int index) {
		return this.before[index] != LazyPropertyInitializer.UNFETCHED_PROPERTY;
	}

}
