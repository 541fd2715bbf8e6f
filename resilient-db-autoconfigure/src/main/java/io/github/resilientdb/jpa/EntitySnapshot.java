package io.github.resilientdb.jpa;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import io.github.resilientdb.jpa.ObjectTypes.ObjectSnapshot;
import org.hibernate.Hibernate;
import org.hibernate.bytecode.enhance.spi.LazyPropertyInitializer;
import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.mapping.EmbeddableMappingType;
import org.hibernate.metamodel.mapping.NonAggregatedIdentifierMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.BasicType;
import org.hibernate.type.CollectionType;
import org.hibernate.type.ComponentType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * What one entity was like: its identifier, its attributes (the version and the
 * references of collections among them), what is inside its embeddables and its mutable
 * values, the elements of its collections, what of it was not loaded yet, and the domain
 * events that it had registered.
 */
final class EntitySnapshot extends WeakReference<Object> implements ObjectSnapshot {

	private final EntityPersister persister;

	private final SessionFactoryImplementor factory;

	private final Consumer<@Nullable Object> reached;

	private final @Nullable Object identifier;

	// Null if nothing of it was loaded
	private final @Nullable AttributeValues values;

	private final List<Embedded> embedded = new ArrayList<>(0);

	private final List<CollectionSnapshot> elements = new ArrayList<>(0);

	private final List<LazyState> wrappers = new ArrayList<>(0);

	private final @Nullable Enhancement enhancement;

	private final boolean declaredNew;

	EntitySnapshot(EntityPersister persister, Object entity, Consumer<@Nullable Object> reached,
			@Nullable ReferenceQueue<Object> queue) {
		super(entity, queue);
		this.persister = persister;
		this.factory = persister.getFactory();
		this.reached = reached;
		this.enhancement = Enhancement.of(entity);
		this.identifier = getIdentifier(entity);
		this.declaredNew = SpringData.isNew(entity);
		Collection<?> events = SpringData.domainEvents(entity);
		if (events != null) {
			this.elements.add(CollectionSnapshot.of(events));
		}
		if (Hibernate.isInitialized(entity)) {
			this.values = new AttributeValues(persister.getPropertyTypes(), persister.getValues(entity), this.factory);
			lookInside(persister.getIdentifierType(), this.identifier);
			lookInside(this.values);
		}
		else {
			this.values = null;
		}
	}

	private @Nullable Object getIdentifier(Object entity) {
		// An entity may carry the attributes of its identifier itself
		EmbeddableMappingType attributes = getIdentifierAttributes();
		return (attributes != null) ? attributes.getValues(entity) : this.persister.getIdentifier(entity);
	}

	private @Nullable EmbeddableMappingType getIdentifierAttributes() {
		return (this.persister.getIdentifierMapping() instanceof NonAggregatedIdentifierMapping mapping)
				? mapping.getVirtualIdEmbeddable() : null;
	}

	private void lookInside(AttributeValues attributes) {
		for (int i = 0; i < attributes.size(); i++) {
			lookInside(attributes.type(i), attributes.before(i));
		}
	}

	private void lookInside(Type type, @Nullable Object value) {
		if (value == null || type instanceof BasicType<?> || value == LazyPropertyInitializer.UNFETCHED_PROPERTY) {
			return;
		}
		if (type instanceof ComponentType component) {
			if (!(value instanceof Object[])) {
				Embedded inside = new Embedded(component, value,
						new AttributeValues(component.getSubtypes(), component.getPropertyValues(value), this.factory));
				this.embedded.add(inside);
				lookInside(inside.values());
			}
		}
		else if (type instanceof CollectionType collection) {
			lookInside(collection, value);
		}
		else {
			this.reached.accept(value);
		}
	}

	private void lookInside(CollectionType type, Object value) {
		List<CollectionSnapshot> contents;
		if (value instanceof PersistentCollection<?> wrapper) {
			LazyState state = LazyState.of(wrapper);
			this.wrappers.add(state);
			contents = state.contents();
		}
		else if (CollectionSnapshot.isContainer(value)) {
			contents = List.of(CollectionSnapshot.of(value));
			this.elements.addAll(contents);
		}
		else {
			return;
		}
		Type elementType = type.getElementType(this.factory);
		for (CollectionSnapshot content : contents) {
			lookInside(elementType, content);
		}
	}

	private void lookInside(Type elementType, CollectionSnapshot content) {
		for (Object key : content.keys()) {
			this.reached.accept(key);
		}
		if (elementType instanceof BasicType<?>) {
			if (elementType.isMutable()) {
				content.replaceWith(new AttributeValues(elementType, content.elements(), this.factory)::restored);
			}
			return;
		}
		for (Object element : content.elements()) {
			lookInside(elementType, element);
		}
	}

	String getEntityName() {
		return this.persister.getEntityName();
	}

	@Override
	public void restoreAttributes() {
		Object entity = get();
		if (entity == null) {
			return;
		}
		// What is written back must not count as changed, nor load anything
		if (this.enhancement != null) {
			this.enhancement.suspend(entity);
		}
		this.wrappers.forEach(LazyState::restore);
		if (this.values != null) {
			restoreIdentifier(entity);
			this.embedded.forEach(Embedded::restore);
			this.values.restore(this.persister.getValues(entity),
					(index, value) -> this.persister.setValue(entity, index, value));
		}
		if (this.enhancement != null) {
			this.enhancement.restore(entity);
		}
	}

	private void restoreIdentifier(Object entity) {
		EmbeddableMappingType attributes = getIdentifierAttributes();
		if (attributes != null) {
			attributes.setValues(entity, (Object[]) Objects.requireNonNull(this.identifier));
		}
		else if (this.persister.getIdentifier(entity) != this.identifier) {
			this.persister.setIdentifier(entity, this.identifier, null);
		}
	}

	@Override
	public void restoreElements() {
		if (get() != null) {
			this.wrappers.forEach(LazyState::restoreContents);
			this.elements.forEach(CollectionSnapshot::restore);
		}
	}

	/**
	 * Return whether the entity said of itself that it was new, and does so no longer: a
	 * flag of its own can't be put back.
	 * @return whether {@code isNew()} changed from true to false
	 */
	boolean lostNewFlag() {
		Object entity = get();
		return this.declaredNew && entity != null && !SpringData.isNew(entity);
	}

	/**
	 * What is inside an embeddable, which Hibernate may change in place.
	 */
	private record Embedded(ComponentType type, Object instance, AttributeValues values) {

		void restore() {
			if (this.values.differ(this.type.getPropertyValues(this.instance))) {
				this.type.setPropertyValues(this.instance, this.values.restored());
			}
		}

	}

}
