package io.github.resilientdb.jpa;

import org.hibernate.event.spi.EventSource;
import org.hibernate.event.spi.MergeContext;
import org.hibernate.event.spi.MergeEvent;
import org.hibernate.event.spi.MergeEventListener;
import org.hibernate.event.spi.PersistContext;
import org.hibernate.event.spi.PersistEvent;
import org.hibernate.event.spi.PersistEventListener;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.proxy.LazyInitializer;

/**
 * Records each instance that an attempt is about to make persistent, cascades included,
 * while it is still as new, and each that it is about to merge. Does nothing outside of
 * attempts.
 */
final class EntityRecordingListener implements PersistEventListener, MergeEventListener {

	@Override
	public void onPersist(PersistEvent event) {
		record(event);
	}

	@Override
	public void onPersist(PersistEvent event, PersistContext createdAlready) {
		record(event);
	}

	@Override
	public void onMerge(MergeEvent event) {
		record(event);
	}

	@Override
	public void onMerge(MergeEvent event, MergeContext copiedAlready) {
		record(event);
	}

	private static void record(MergeEvent event) {
		JpaAttempt attempt = JpaAttempt.current();
		Object entity = event.getOriginal();
		if (attempt != null && entity != null) {
			attempt.merging(entity);
		}
	}

	private static void record(PersistEvent event) {
		JpaAttempt attempt = JpaAttempt.current();
		if (attempt == null) {
			return;
		}
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
