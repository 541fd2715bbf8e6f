package io.github.resilientdb.jpa;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.resilientdb.jpa.ObjectTypes.ObjectSnapshot;
import io.github.resilientdb.jpa.ObjectTypes.ObjectType;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.proxy.LazyInitializer;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Knows the entities of Hibernate's session factories.
 */
public final class EntityTypes extends ObjectTypes {

	private final Supplier<List<SessionFactoryImplementor>> factories;

	/**
	 * Create the types.
	 * @param factories the entity manager factories; looked up with the first class that
	 * is asked for
	 */
	public EntityTypes(Supplier<? extends List<EntityManagerFactory>> factories) {
		this.factories = SingletonSupplier
			.of(() -> factories.get().stream().flatMap((factory) -> unwrap(factory).stream()).toList());
	}

	private static Optional<SessionFactoryImplementor> unwrap(EntityManagerFactory factory) {
		try {
			return Optional.of(factory.unwrap(SessionFactoryImplementor.class));
		}
		catch (PersistenceException ex) {
			// Of another provider
			return Optional.empty();
		}
	}

	EntityTypes(SessionFactoryImplementor factory) {
		this.factories = () -> List.of(factory);
	}

	@Override
	@Nullable ObjectType find(Class<?> type) {
		if (HibernateProxy.class.isAssignableFrom(type)) {
			return (instance, reached) -> new ProxySnapshot((HibernateProxy) instance, reached);
		}
		if (PersistentCollection.class.isAssignableFrom(type)) {
			return (instance, reached) -> new WrapperSnapshot(instance, reached);
		}
		for (SessionFactoryImplementor factory : this.factories.get()) {
			EntityPersister persister = factory.getMappingMetamodel().findEntityDescriptor(type);
			if (persister != null) {
				return (instance, reached) -> new EntitySnapshot(persister, instance, reached, null);
			}
		}
		return null;
	}

	/**
	 * A proxy, which may have been initialized or not.
	 */
	private static final class ProxySnapshot implements ObjectSnapshot {

		private final LazyState state;

		private ProxySnapshot(HibernateProxy proxy, Consumer<@Nullable Object> reached) {
			LazyInitializer initializer = proxy.getHibernateLazyInitializer();
			this.state = LazyState.of(initializer);
			if (!initializer.isUninitialized()) {
				reached.accept(initializer.getImplementation());
			}
		}

		@Override
		public void restoreAttributes() {
			this.state.restore();
		}

		@Override
		public void restoreElements() {
		}

	}

	/**
	 * A collection of an entity, given without the entity, and perhaps not loaded.
	 */
	private static final class WrapperSnapshot implements ObjectSnapshot {

		private final LazyState state;

		private WrapperSnapshot(Object wrapper, Consumer<@Nullable Object> reached) {
			this.state = LazyState.of(wrapper);
			this.state.contents().forEach((content) -> {
				for (Object element : content.elements()) {
					reached.accept(element);
				}
			});
		}

		@Override
		public void restoreAttributes() {
			this.state.restore();
		}

		@Override
		public void restoreElements() {
			this.state.restoreContents();
		}

	}

}
