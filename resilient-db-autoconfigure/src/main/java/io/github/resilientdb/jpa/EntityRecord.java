package io.github.resilientdb.jpa;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

import org.hibernate.bytecode.enhance.spi.LazyPropertyInitializer;
import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.engine.spi.CascadeStyle;
import org.hibernate.engine.spi.CascadeStyles;
import org.hibernate.engine.spi.CascadingActions;
import org.hibernate.engine.spi.PersistentAttributeInterceptable;
import org.hibernate.engine.spi.PersistentAttributeInterceptor;
import org.hibernate.metamodel.mapping.EmbeddableMappingType;
import org.hibernate.metamodel.mapping.NonAggregatedIdentifierMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.BasicType;
import org.hibernate.type.CollectionType;
import org.hibernate.type.ComponentType;
import org.hibernate.type.ForeignKeyDirection;
import org.hibernate.type.OneToOneType;
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

	private final List<OwnedElements> elements = new ArrayList<>(0);

	private final @Nullable PersistentAttributeInterceptor interceptor;

	private final boolean declaredNew;

	EntityRecord(EntityPersister persister, Object entity, @Nullable ReferenceQueue<Object> queue) {
		super(entity, queue);
		this.persister = persister;
		this.identifier = getIdentifier(entity);
		this.values = persister.getValues(entity);
		this.interceptor = (entity instanceof PersistentAttributeInterceptable enhanced)
				? enhanced.$$_hibernate_getInterceptor() : null;
		this.declaredNew = DeclaredState.isNew(entity);
		lookInside(persister.getIdentifierType(), this.identifier, CascadeStyles.NONE);
		Type[] types = persister.getPropertyTypes();
		for (int i = 0; i < types.length; i++) {
			lookInside(types[i], this.values[i], persister.getPropertyCascadeStyles()[i]);
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

	private void lookInside(Type type, @Nullable Object value, CascadeStyle cascade) {
		if (value == null || value == LazyPropertyInitializer.UNFETCHED_PROPERTY) {
			return;
		}
		if (type instanceof ComponentType componentType && !(value instanceof Object[])) {
			lookInside(new Embeddable(componentType, value, componentType.getPropertyValues(value)));
		}
		else if (type.isCollectionType() && isInitialized(value)) {
			this.elements.add(new OwnedElements(Elements.of(value), isInverse(type), cascade));
		}
	}

	private void lookInside(Embeddable embeddable) {
		this.embeddables.add(embeddable);
		Type[] types = embeddable.type().getSubtypes();
		for (int i = 0; i < types.length; i++) {
			lookInside(types[i], embeddable.values()[i], embeddable.type().getCascadeStyle(i));
		}
	}

	private boolean isInverse(Type type) {
		if (type instanceof CollectionType collection) {
			return this.persister.getFactory()
				.getMappingMetamodel()
				.getCollectionDescriptor(collection.getRole())
				.isInverse();
		}
		return type instanceof OneToOneType oneToOne
				&& oneToOne.getForeignKeyDirection() == ForeignKeyDirection.TO_PARENT;
	}

	private static boolean isInitialized(Object collection) {
		return !(collection instanceof PersistentCollection<?> persistent) || persistent.wasInitialized();
	}

	String getEntityName() {
		return this.persister.getEntityName();
	}

	EntityPersister getPersister() {
		return this.persister;
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
		this.embeddables.forEach(Embeddable::restore);
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
			if (differs(types[i], this.values[i], current[i])) {
				this.persister.setValue(entity, i, this.values[i]);
			}
		}
	}

	void restoreElements() {
		if (get() != null) {
			this.elements.forEach((owned) -> owned.elements().restore());
		}
	}

	/**
	 * Return whether something of the entity differs that would be written to the
	 * database if it were managed.
	 * @param managed tells whether an element is managed, so that it is written anyway
	 * @return whether there is a change
	 */
	boolean isChanged(Predicate<Object> managed) {
		Object entity = get();
		return entity != null
				&& (isChanged(this.persister.getPropertyTypes(), this.values, this.persister.getValues(entity))
						|| this.embeddables.stream().anyMatch(this::isChanged)
						|| this.elements.stream().anyMatch((owned) -> owned.isChanged(managed)));
	}

	private boolean isChanged(Embeddable embeddable) {
		return isChanged(embeddable.type().getSubtypes(), embeddable.values(), embeddable.current());
	}

	private boolean isChanged(Type[] types, @Nullable Object[] before, @Nullable Object[] now) {
		for (int i = 0; i < types.length; i++) {
			if (differs(types[i], before[i], now[i]) && !isInverse(types[i])) {
				return true;
			}
		}
		return false;
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
		return before != now && before != LazyPropertyInitializer.UNFETCHED_PROPERTY
				&& !(type instanceof BasicType<?> && type.isSame(before, now));
	}

	/**
	 * What is inside an embeddable, which Hibernate may change in place.
	 */
	private record Embeddable(ComponentType type, Object instance, @Nullable Object[] values) {

		@Nullable Object[] current() {
			return this.type.getPropertyValues(this.instance);
		}

		void restore() {
			Type[] types = this.type.getSubtypes();
			Object[] current = current();
			for (int i = 0; i < types.length; i++) {
				if (differs(types[i], this.values[i], current[i])) {
					this.type.setPropertyValues(this.instance, this.values);
					return;
				}
			}
		}

	}

	/**
	 * The elements of a collection of the entity, and what they mean to it.
	 */
	private record OwnedElements(Elements elements, boolean inverse, CascadeStyle cascade) {

		boolean isChanged(Predicate<Object> managed) {
			if (!this.inverse) {
				return this.elements.isDifferent();
			}
			// The other side is what is written, but for cascades
			Set<@Nullable Object> added = identitySet(this.elements.now());
			Set<@Nullable Object> removed = identitySet(this.elements.before());
			Arrays.asList(this.elements.before()).forEach(added::remove);
			Arrays.asList(this.elements.now()).forEach(removed::remove);
			return (this.cascade.hasOrphanDelete() && !removed.isEmpty())
					|| (this.cascade.doCascade(CascadingActions.PERSIST_ON_FLUSH)
							&& added.stream().anyMatch((element) -> element != null && !managed.test(element)));
		}

		private static Set<@Nullable Object> identitySet(@Nullable Object[] elements) {
			Set<@Nullable Object> set = Collections.newSetFromMap(new IdentityHashMap<>());
			Collections.addAll(set, elements);
			return set;
		}

	}

}
