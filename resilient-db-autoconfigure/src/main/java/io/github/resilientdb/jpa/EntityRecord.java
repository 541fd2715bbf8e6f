package io.github.resilientdb.jpa;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.hibernate.bytecode.enhance.spi.LazyPropertyInitializer;
import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.engine.spi.PersistentAttributeInterceptable;
import org.hibernate.engine.spi.PersistentAttributeInterceptor;
import org.hibernate.metamodel.mapping.EmbeddableMappingType;
import org.hibernate.metamodel.mapping.NonAggregatedIdentifierMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.BasicType;
import org.hibernate.type.ComponentType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * What one entity was like: its identifier, its attributes (the version and the
 * references of collections among them), what is inside its embeddables, and the elements
 * of its collections.
 */
final class EntityRecord extends WeakReference<Object> {

	private final EntityPersister persister;

	private final @Nullable Object identifier;

	private final @Nullable Object[] values;

	private final List<Embeddable> embeddables = new ArrayList<>(0);

	private final List<Elements> elements = new ArrayList<>(0);

	private final @Nullable PersistentAttributeInterceptor interceptor;

	private final boolean declaredNew;

	private boolean changed;

	EntityRecord(EntityPersister persister, Object entity, ReferenceQueue<Object> queue) {
		super(entity, queue);
		this.persister = persister;
		this.identifier = getIdentifier(entity);
		this.values = persister.getValues(entity);
		this.interceptor = (entity instanceof PersistentAttributeInterceptable enhanced)
				? enhanced.$$_hibernate_getInterceptor() : null;
		this.declaredNew = DeclaredState.isNew(entity);
		lookInside(persister.getIdentifierType(), this.identifier);
		lookInside(persister.getPropertyTypes(), this.values);
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

	private void lookInside(Type[] types, @Nullable Object[] values) {
		for (int i = 0; i < types.length; i++) {
			lookInside(types[i], values[i]);
		}
	}

	private void lookInside(Type type, @Nullable Object value) {
		if (value == null || value == LazyPropertyInitializer.UNFETCHED_PROPERTY) {
			return;
		}
		if (type instanceof ComponentType componentType && !(value instanceof Object[])) {
			Embeddable embeddable = new Embeddable(componentType, value, componentType.getPropertyValues(value));
			this.embeddables.add(embeddable);
			lookInside(componentType.getSubtypes(), embeddable.values());
		}
		else if (type.isCollectionType() && isInitialized(value)) {
			this.elements.add(Elements.of(value));
		}
	}

	private static boolean isInitialized(Object collection) {
		return !(collection instanceof PersistentCollection<?> persistent) || persistent.wasInitialized();
	}

	String getEntityName() {
		return this.persister.getEntityName();
	}

	void restoreAttributes() {
		Object entity = get();
		if (entity == null) {
			return;
		}
		if (entity instanceof PersistentAttributeInterceptable enhanced) {
			enhanced.$$_hibernate_setInterceptor(this.interceptor);
		}
		restoreIdentifier(entity);
		this.embeddables.forEach((embeddable) -> this.changed |= embeddable.restore());
		restoreValues(entity);
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

	private void restoreValues(Object entity) {
		Type[] types = this.persister.getPropertyTypes();
		Object[] current = this.persister.getValues(entity);
		for (int i = 0; i < types.length; i++) {
			if (this.values[i] != LazyPropertyInitializer.UNFETCHED_PROPERTY
					&& differs(types[i], this.values[i], current[i])) {
				this.persister.setValue(entity, i, this.values[i]);
				this.changed = true;
			}
		}
	}

	void restoreElements() {
		if (get() != null) {
			this.elements.forEach((collection) -> this.changed |= collection.restore());
		}
	}

	boolean isChanged() {
		return this.changed;
	}

	/**
	 * Return whether the entity said of itself that it was new, and does so no longer.
	 * @return whether it has changed its mind
	 */
	boolean isNoLongerNew() {
		Object entity = get();
		return this.declaredNew && entity != null && !DeclaredState.isNew(entity);
	}

	private static boolean differs(Type type, @Nullable Object before, @Nullable Object now) {
		return before != now && !(type instanceof BasicType<?> && type.isSame(before, now));
	}

	/**
	 * One of the two steps of a restoration.
	 */
	@FunctionalInterface
	interface Step {

		void apply(EntityRecord entity);

	}

	/**
	 * What is inside an embeddable, which Hibernate may change in place.
	 */
	private record Embeddable(ComponentType type, Object instance, @Nullable Object[] values) {

		boolean restore() {
			Type[] types = this.type.getSubtypes();
			Object[] current = this.type.getPropertyValues(this.instance);
			for (int i = 0; i < types.length; i++) {
				if (differs(types[i], this.values[i], current[i])) {
					this.type.setPropertyValues(this.instance, this.values);
					return true;
				}
			}
			return false;
		}

	}

}
