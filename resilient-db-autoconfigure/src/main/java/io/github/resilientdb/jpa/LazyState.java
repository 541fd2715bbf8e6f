package io.github.resilientdb.jpa;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * What an object of Hibernate's that loads lazily was like: the wrapper of a collection,
 * the initializer of a proxy, the interceptor of an enhanced entity. None of them offers
 * a way back to where it had not been loaded yet, so all fields are kept, and what is in
 * the collections that they refer to.
 */
final class LazyState {

	private static final ClassValue<Field[]> FIELDS = new ClassValue<>() {
		@Override
		protected Field[] computeValue(Class<?> type) {
			List<Field> fields = new ArrayList<>();
			ReflectionUtils.doWithFields(type, (field) -> {
				field.setAccessible(true);
				fields.add(field);
			}, LazyState::isKept);
			return fields.toArray(Field[]::new);
		}
	};

	// Where the persistence context of a session keeps a wrapper is its own matter
	private static final String INSTANCE_ID = "instanceId";

	private final Object holder;

	private final @Nullable Object[] values;

	private final List<CollectionSnapshot> contents = new ArrayList<>(1);

	private LazyState(Object holder) {
		this.holder = holder;
		Field[] fields = FIELDS.get(holder.getClass());
		this.values = new @Nullable Object[fields.length];
		for (int i = 0; i < fields.length; i++) {
			Object value = ReflectionUtils.getField(fields[i], holder);
			this.values[i] = value;
			Class<?> type = fields[i].getType();
			if (value != null && (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type))) {
				this.contents.add(CollectionSnapshot.of(value));
			}
		}
	}

	private static boolean isKept(Field field) {
		return (field.getModifiers() & (Modifier.STATIC | Modifier.FINAL)) == 0 && !field.getName().equals(INSTANCE_ID);
	}

	static LazyState of(Object holder) {
		return new LazyState(holder);
	}

	/**
	 * Return what is in the collections that the object refers to.
	 * @return the contents; empty if nothing was loaded
	 */
	List<CollectionSnapshot> contents() {
		return this.contents;
	}

	/**
	 * Put the fields back, but not what is in the collections.
	 */
	void restore() {
		Field[] fields = FIELDS.get(this.holder.getClass());
		for (int i = 0; i < fields.length; i++) {
			ReflectionUtils.setField(fields[i], this.holder, this.values[i]);
		}
	}

	void restoreContents() {
		this.contents.forEach(CollectionSnapshot::restore);
	}

}
