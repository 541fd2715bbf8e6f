package io.github.resilientdb.jpa;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import io.github.resilientdb.jpa.ObjectTypes.ObjectSnapshot;
import io.github.resilientdb.jpa.ObjectTypes.ObjectType;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of objects and of all that is loaded and can be reached from them.
 */
final class ObjectGraph {

	/**
	 * Taking more takes longer than most transactions do.
	 */
	static final int LIMIT = 10_000;

	private final Function<Class<?>, ObjectType> types;

	private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

	private final Deque<Object> reached = new ArrayDeque<>();

	private final List<ObjectSnapshot> snapshots = new ArrayList<>();

	ObjectGraph(Function<Class<?>, ObjectType> types) {
		this.types = types;
	}

	/**
	 * Take snapshots of an object and of what can be reached from it.
	 * @param root the object
	 * @throws TooManyObjectsException if there are too many
	 */
	void add(Object root) {
		reach(root);
		Object next = this.reached.poll();
		while (next != null) {
			add(this.types.apply(next.getClass()), next);
			next = this.reached.poll();
		}
	}

	private void reach(@Nullable Object object) {
		if (object != null && this.types.apply(object.getClass()) != Types.PLAIN && this.seen.add(object)) {
			this.reached.add(object);
		}
	}

	private void add(ObjectType type, Object object) {
		if (type == Types.CONTAINER) {
			elements(object).forEach(this::reach);
			return;
		}
		if (this.snapshots.size() >= LIMIT) {
			throw new TooManyObjectsException();
		}
		this.snapshots.add(type.take(object, this::reach));
	}

	private static Iterable<?> elements(Object container) {
		if (container instanceof Collection<?> collection) {
			return collection;
		}
		if (container instanceof Map<?, ?> map) {
			List<@Nullable Object> all = new ArrayList<>(map.keySet());
			all.addAll(map.values());
			return all;
		}
		if (container instanceof Object[] array) {
			return java.util.Arrays.asList(array);
		}
		if (container instanceof Optional<?> optional) {
			return optional.stream().toList();
		}
		return SpringData.elements(container);
	}

	boolean isEmpty() {
		return this.snapshots.isEmpty();
	}

	/**
	 * Put all objects back.
	 */
	void restore() {
		this.snapshots.forEach(ObjectSnapshot::restoreAttributes);
		this.snapshots.forEach(ObjectSnapshot::restoreElements);
	}

	/**
	 * There are more objects than snapshots are taken of.
	 */
	@SuppressWarnings("serial")
	static final class TooManyObjectsException extends RuntimeException {

		TooManyObjectsException() {
			super("more than %,d objects can be reached".formatted(LIMIT));
		}

	}

	/**
	 * The type of each class, looked up once.
	 */
	static final class Types implements Function<Class<?>, ObjectType> {

		private static final ObjectType PLAIN = (instance, reached) -> {
			throw new IllegalStateException();
		};

		private static final ObjectType CONTAINER = (instance, reached) -> {
			throw new IllegalStateException();
		};

		private final List<? extends ObjectTypes> known;

		private final ClassValue<ObjectType> types = new ClassValue<>() {
			@Override
			protected ObjectType computeValue(Class<?> type) {
				return find(type);
			}
		};

		Types(List<? extends ObjectTypes> known) {
			this.known = known;
		}

		@Override
		public ObjectType apply(Class<?> type) {
			return this.types.get(type);
		}

		/**
		 * Return whether there can be no entities in an object.
		 * @param object the object
		 * @return whether it is neither an entity nor a container
		 */
		boolean isPlain(Object object) {
			return apply(object.getClass()) == PLAIN;
		}

		private ObjectType find(Class<?> type) {
			for (ObjectTypes candidate : this.known) {
				ObjectType found = candidate.find(type);
				if (found != null) {
					return found;
				}
			}
			boolean container = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)
					|| Object[].class.isAssignableFrom(type) || type == Optional.class || SpringData.isStreamable(type);
			return container ? CONTAINER : PLAIN;
		}

	}

}
