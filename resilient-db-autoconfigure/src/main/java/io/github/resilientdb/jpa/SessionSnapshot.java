package io.github.resilientdb.jpa;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.hibernate.Hibernate;
import org.hibernate.LockMode;
import org.hibernate.collection.spi.PersistentArrayHolder;
import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.engine.spi.CollectionEntry;
import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.EntityHolder;
import org.hibernate.engine.spi.EntityKey;
import org.hibernate.engine.spi.PersistenceContext;
import org.hibernate.engine.spi.PersistentAttributeInterceptable;
import org.hibernate.engine.spi.Status;
import org.hibernate.event.spi.EventSource;
import org.hibernate.internal.util.ImmutableBitSet;
import org.hibernate.persister.collection.CollectionPersister;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * What a session managed before an attempt: its entities, with what is loaded of them and
 * what the session believes to be in the database, its proxies and its collections.
 * Changes that were not flushed yet are changes afterwards.
 */
final class SessionSnapshot {

	private final EventSource session;

	private final ObjectGraph graph;

	private final List<Managed> managed = new ArrayList<>();

	private final List<Wrapper> wrappers = new ArrayList<>();

	private SessionSnapshot(EventSource session, ObjectGraph graph) {
		this.session = session;
		this.graph = graph;
		PersistenceContext context = session.getPersistenceContextInternal();
		Map<EntityKey, EntityHolder> holders = context.getEntityHoldersByKey();
		if (holders != null) {
			holders.forEach((key, holder) -> keep(context, key, holder));
		}
		context.forEachCollectionEntry(this::keep, false);
		this.managed.forEach((kept) -> kept.addTo(this.graph));
	}

	/**
	 * Take a snapshot of a session.
	 * @param session the session, in no transaction
	 * @param types knows its entities
	 * @return the snapshot
	 * @throws IllegalStateException if the session is in the middle of something
	 */
	static SessionSnapshot of(EventSource session, ObjectGraph.Types types) {
		if (session.getActionQueue().hasAnyQueuedActions()) {
			throw new IllegalStateException("inserts or deletes wait for the next flush");
		}
		return new SessionSnapshot(session, new ObjectGraph(types));
	}

	private void keep(PersistenceContext context, EntityKey key, EntityHolder holder) {
		Object entity = holder.getEntity();
		Entry entry = (entity != null) ? Entry.of(context.getEntry(entity)) : null;
		this.managed.add(new Managed(key, entity, holder.getProxy(), entry));
	}

	private void keep(PersistentCollection<?> collection, CollectionEntry entry) {
		CollectionPersister persister = entry.getLoadedPersister();
		if (persister == null) {
			throw new IllegalStateException("a collection was not flushed yet");
		}
		this.wrappers
			.add(new Wrapper(collection, persister, ReadOnlyCollections.isReadOnly(entry), LazyState.of(collection)));
	}

	/**
	 * Let the session, which has been cleared, manage again what it did, as it was.
	 */
	void restore() {
		PersistenceContext context = this.session.getPersistenceContextInternal();
		this.managed.forEach((kept) -> kept.restore(context));
		this.graph.restore();
		this.wrappers.forEach((wrapper) -> wrapper.restore(context));
	}

	private record Managed(EntityKey key, @Nullable Object entity, @Nullable Object proxy, @Nullable Entry entry) {

		void addTo(ObjectGraph graph) {
			if (this.entity != null) {
				graph.add(this.entity);
			}
			if (this.proxy != null) {
				graph.add(this.proxy);
			}
		}

		void restore(PersistenceContext context) {
			if (this.entity != null && this.entry != null) {
				EntityEntry restored = this.entry.restore(context, this.entity);
				if (!Hibernate.isInitialized(this.entity)
						&& this.entity instanceof PersistentAttributeInterceptable enhanced) {
					context.addEnhancedProxy(this.key, enhanced);
				}
				else {
					context.addEntityHolder(this.key, this.entity).setEntityEntry(restored);
				}
			}
			if (this.proxy != null) {
				context.addProxy(this.key, this.proxy);
			}
		}

	}

	private record Entry(EntityPersister persister, Status status, @Nullable Object @Nullable [] loadedState,
			@Nullable Object rowId, Object id, @Nullable Object version, LockMode lockMode, boolean existsInDatabase,
			boolean beingReplicated, @Nullable ImmutableBitSet maybeLazy) {

		static @Nullable Entry of(@Nullable EntityEntry entry) {
			if (entry == null) {
				return null;
			}
			if (entry.getStatus() != Status.MANAGED && entry.getStatus() != Status.READ_ONLY) {
				throw new IllegalStateException("an entity is " + entry.getStatus());
			}
			@Nullable Object[] loadedState = entry.getLoadedState();
			return new Entry(entry.getPersister(), entry.getStatus(),
					(loadedState != null) ? loadedState.clone() : null, entry.getRowId(), entry.getId(),
					entry.getVersion(), entry.getLockMode(), entry.isExistsInDatabase(), entry.isBeingReplicated(),
					entry.getMaybeLazySet());
		}

		EntityEntry restore(PersistenceContext context, Object entity) {
			EntityEntry restored = context.addEntry(entity, this.status,
					(this.loadedState != null) ? this.loadedState.clone() : null, this.rowId, this.id, this.version,
					this.lockMode, this.existsInDatabase, this.persister, this.beingReplicated);
			restored.setMaybeLazySet(this.maybeLazy);
			return restored;
		}

	}

	private record Wrapper(PersistentCollection<?> collection, CollectionPersister persister, boolean readOnly,
			LazyState state) {

		void restore(PersistenceContext context) {
			this.state.restore();
			this.state.restoreContents();
			if (this.collection.wasInitialized()) {
				context.addInitializedDetachedCollection(this.persister, this.collection);
			}
			else {
				context.addUninitializedDetachedCollection(this.persister, this.collection);
			}
			if (this.readOnly) {
				ReadOnlyCollections.setReadOnly(context.getCollectionEntry(this.collection), this.collection);
			}
			if (this.collection instanceof PersistentArrayHolder<?>) {
				context.addCollectionHolder(this.collection);
			}
		}

	}

	/**
	 * Collections that must not be changed: Hibernate marks them in each session, though
	 * not yet in 7.2, the version of Spring Boot 4.0.
	 */
	private static final class ReadOnlyCollections {

		private static final @Nullable Method IS_READ_ONLY = ReflectionUtils.findMethod(CollectionEntry.class,
				"isReadOnly");

		private static final @Nullable Method SET_READ_ONLY = ReflectionUtils.findMethod(CollectionEntry.class,
				"setReadOnly", boolean.class, PersistentCollection.class);

		private ReadOnlyCollections() {
		}

		static boolean isReadOnly(CollectionEntry entry) {
			return IS_READ_ONLY != null && Boolean.TRUE.equals(ReflectionUtils.invokeMethod(IS_READ_ONLY, entry));
		}

		static void setReadOnly(CollectionEntry entry, PersistentCollection<?> collection) {
			if (SET_READ_ONLY != null) {
				ReflectionUtils.invokeMethod(SET_READ_ONLY, entry, true, collection);
			}
		}

	}

}
