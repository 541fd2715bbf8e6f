package io.github.resilientdb.jpa;

import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.integrator.spi.Integrator;

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
		EntityRecordingListener listener = new EntityRecordingListener();
		registry.prependListeners(EventType.PERSIST, listener);
		registry.prependListeners(EventType.PERSIST_ONFLUSH, listener);
		registry.prependListeners(EventType.MERGE, listener);
	}

}
