package io.github.resilientdb.jpa;

import java.lang.reflect.Array;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.resilientdb.jpa.ObjectTypes.ObjectSnapshot;
import io.github.resilientdb.jpa.ObjectTypes.ObjectType;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.mapping.MappingException;
import org.springframework.data.mapping.PersistentEntity;
import org.springframework.data.mapping.PersistentProperty;
import org.springframework.data.mapping.PersistentPropertyAccessor;
import org.springframework.data.mapping.SimpleAssociationHandler;
import org.springframework.data.mapping.SimplePropertyHandler;
import org.springframework.data.mapping.context.MappingContext;
import org.springframework.data.util.ReflectionUtils;
import org.springframework.data.util.ReflectionUtils.AnnotationFieldFilter;
import org.springframework.util.function.SingletonSupplier;

/**
 * Knows the aggregates of Spring Data JDBC. Those that are immutable have nothing to put
 * back: saving one creates a new one.
 */
public final class AggregateTypes extends ObjectTypes {

	private final Supplier<? extends List<? extends MappingContext<?, ?>>> contexts;

	/**
	 * Create the types.
	 * @param contexts the relational mapping contexts; looked up with the first class
	 * that is asked for
	 */
	public AggregateTypes(Supplier<? extends List<? extends MappingContext<?, ?>>> contexts) {
		this.contexts = SingletonSupplier.of(contexts::get);
	}

	@Override
	@Nullable ObjectType find(Class<?> type) {
		for (MappingContext<?, ?> context : this.contexts.get()) {
			PersistentEntity<?, ?> entity = find(context, type);
			List<Property> properties = (entity != null) ? properties(entity) : List.of();
			if (!properties.isEmpty()) {
				return new AggregateType(properties);
			}
		}
		return null;
	}

	// Without a repository or @Table, an aggregate is unknown until it is saved
	private static @Nullable PersistentEntity<?, ?> find(MappingContext<?, ?> context, Class<?> type) {
		if (!context.hasPersistentEntityFor(type) && !hasIdentifier(type)) {
			return null;
		}
		try {
			return context.getPersistentEntity(type);
		}
		catch (MappingException ex) {
			// Another store's: this one can't save it either
			return null;
		}
	}

	private static boolean hasIdentifier(Class<?> type) {
		return ReflectionUtils.findField(type, new AnnotationFieldFilter(Id.class), false) != null;
	}

	private static List<Property> properties(PersistentEntity<?, ?> entity) {
		List<Property> properties = new ArrayList<>();
		entity.doWithProperties((SimplePropertyHandler) (property) -> properties.add(new Property(entity, property)));
		entity.doWithAssociations((SimpleAssociationHandler) (association) -> properties
			.add(new Property(entity, association.getInverse())));
		return properties;
	}

	private record Property(PersistentEntity<?, ?> owner, PersistentProperty<?> property) {

		@Nullable Object get(PersistentPropertyAccessor<?> accessor) {
			return accessor.getProperty(this.property);
		}

		void putBack(PersistentPropertyAccessor<?> accessor, @Nullable Object before) {
			if (!this.property.isImmutable() && get(accessor) != before) {
				accessor.setProperty(this.property, before);
			}
		}

	}

	private record AggregateType(List<Property> properties) implements ObjectType {

		@Override
		public ObjectSnapshot take(Object instance, Consumer<@Nullable Object> reached) {
			return new AggregateSnapshot(this.properties, instance, reached);
		}

	}

	/**
	 * What one aggregate, or one of its children, was like.
	 */
	private static final class AggregateSnapshot implements ObjectSnapshot {

		private final List<Property> properties;

		private final Object instance;

		private final @Nullable Object[] values;

		private final List<CollectionSnapshot> elements = new ArrayList<>(0);

		private final List<Runnable> contents = new ArrayList<>(0);

		AggregateSnapshot(List<Property> properties, Object instance, Consumer<@Nullable Object> reached) {
			this.properties = properties;
			this.instance = instance;
			this.values = new @Nullable Object[properties.size()];
			Collection<?> events = SpringData.domainEvents(instance);
			if (events != null) {
				this.elements.add(CollectionSnapshot.of(events));
			}
			PersistentPropertyAccessor<?> accessor = accessor();
			for (int i = 0; i < this.values.length; i++) {
				Object value = properties.get(i).get(accessor);
				this.values[i] = value;
				if (value != null && CollectionSnapshot.isContainer(value)) {
					this.elements.add(CollectionSnapshot.of(value));
				}
				else if (value != null) {
					keepContent(value);
				}
				reached.accept(value);
			}
		}

		// Of values that have a column, and that may be changed in place
		@SuppressWarnings("JavaUtilDate")
		private void keepContent(Object value) {
			if (value.getClass().isArray()) {
				int length = Array.getLength(value);
				Object copy = Array.newInstance(value.getClass().getComponentType(), length);
				System.arraycopy(value, 0, copy, 0, length);
				this.contents.add(() -> System.arraycopy(copy, 0, value, 0, length));
			}
			else if (value instanceof Timestamp timestamp) {
				long time = timestamp.getTime();
				int nanos = timestamp.getNanos();
				this.contents.add(() -> {
					timestamp.setTime(time);
					timestamp.setNanos(nanos);
				});
			}
			else if (value instanceof Date date) {
				long time = date.getTime();
				this.contents.add(() -> date.setTime(time));
			}
		}

		private PersistentPropertyAccessor<?> accessor() {
			return this.properties.get(0).owner().getPropertyAccessor(this.instance);
		}

		@Override
		public void restoreAttributes() {
			PersistentPropertyAccessor<?> accessor = accessor();
			for (int i = 0; i < this.values.length; i++) {
				this.properties.get(i).putBack(accessor, this.values[i]);
			}
			this.contents.forEach(Runnable::run);
		}

		@Override
		public void restoreElements() {
			this.elements.forEach(CollectionSnapshot::restore);
		}

	}

}
