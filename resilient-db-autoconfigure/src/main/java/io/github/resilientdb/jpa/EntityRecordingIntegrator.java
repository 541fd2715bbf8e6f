package io.github.resilientdb.jpa;

import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventSource;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PersistContext;
import org.hibernate.event.spi.PersistEvent;
import org.hibernate.event.spi.PersistEventListener;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.proxy.LazyInitializer;

/**
 * Lets each session factory, whoever builds it, report which instances it is about to
 * make persistent. Found by Hibernate through {@link java.util.ServiceLoader}; without
 * effect outside of the attempts of retryable transactions.
 */
public final class EntityRecordingIntegrator implements Integrator {

	@Override
	public void integrate(Metadata metadata, BootstrapContext bootstrapContext,
			SessionFactoryImplementor sessionFactory) {
		EventListenerRegistry registry = sessionFactory.getEventListenerRegistry();
		PersistEventListener listener = new Recorder();
		registry.prependListeners(EventType.PERSIST, listener);
		registry.prependListeners(EventType.PERSIST_ONFLUSH, listener);
	}

	/**
	 * Records each instance that an attempt is about to make persistent, cascades
	 * included, while it is still new.
	 */
	private static final class Recorder implements PersistEventListener {

		@Override
		public void onPersist(PersistEvent event) {
			JpaAttempt attempt = JpaAttempt.current();
			if (attempt != null) {
				record(attempt, event);
			}
		}

		@Override
		public void onPersist(PersistEvent event, PersistContext createdAlready) {
			onPersist(event);
		}

		private static void record(JpaAttempt attempt, PersistEvent event) {
			Object entity = event.getObject();
			LazyInitializer proxy = HibernateProxy.extractLazyInitializer(entity);
			if (proxy != null) {
				if (proxy.isUninitialized()) {
					return;
				}
				entity = proxy.getImplementation();
			}
			EventSource session = event.getSession();
			// At each flush, events come for all that can be reached by cascades
			if (session.getPersistenceContextInternal().getEntry(entity) == null) {
				attempt.persisting(session, session.getEntityPersister(event.getEntityName(), entity), entity);
			}
		}

	}

}
