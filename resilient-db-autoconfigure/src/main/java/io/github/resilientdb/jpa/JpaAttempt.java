package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.hibernate.engine.spi.SessionImplementor;
import org.hibernate.engine.spi.TransactionCompletionCallbacks.AfterCompletionCallback;
import org.hibernate.event.spi.EventSource;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * What one attempt finds and does: the sessions that were bound to the thread when it
 * began, the entities managed by them, those that earlier attempts detached from them,
 * and the instances it makes persistent.
 * <p>
 * Confined to its thread. Attempts nest.
 */
final class JpaAttempt {

	private static final ThreadLocal<@Nullable JpaAttempt> CURRENT = new ThreadLocal<>();

	private final String call;

	private final @Nullable JpaAttempt outer;

	// These are made when they are needed: most attempts don't

	private Map<SessionImplementor, EntityRecords> persisted = Map.of();

	private @Nullable EntityRecords detached;

	/**
	 * Of the detached entities, what of them has been saved, or was there before.
	 */
	private Map<Object, EntityRecord> saved = Map.of();

	private List<BoundSession> sessions = List.of();

	private boolean begun;

	private JpaAttempt(String call, @Nullable JpaAttempt outer) {
		this.call = call;
		this.outer = outer;
	}

	static void open(String call, DetachedEntities detached) {
		JpaAttempt attempt = new JpaAttempt(call, CURRENT.get());
		CURRENT.set(attempt);
		attempt.sessions = BoundSession.idle();
		attempt.sessions.forEach((session) -> {
			session.recordManaged();
			detached.of(session.get()).forEach(attempt::recordDetached);
		});
	}

	private void recordDetached(EntityRecord earlier) {
		Object entity = earlier.get();
		if (entity != null && !this.saved.containsKey(entity)) {
			EntityRecords detached = detached();
			this.saved.put(entity, detached.add(earlier.getPersister(), entity));
		}
	}

	private EntityRecords detached() {
		if (this.detached == null) {
			this.detached = new EntityRecords();
			this.saved = new IdentityHashMap<>();
		}
		return this.detached;
	}

	private Map<SessionImplementor, EntityRecords> persisted() {
		if (this.persisted.isEmpty()) {
			this.persisted = new IdentityHashMap<>(2);
		}
		return this.persisted;
	}

	static @Nullable JpaAttempt current() {
		return CURRENT.get();
	}

	static @Nullable JpaAttempt close() {
		JpaAttempt attempt = CURRENT.get();
		if (attempt == null || attempt.outer == null) {
			CURRENT.remove();
		}
		else {
			CURRENT.set(attempt.outer);
		}
		return attempt;
	}

	void persisting(EventSource session, EntityPersister persister, Object entity) {
		persisted().computeIfAbsent(session, (key) -> forgottenOnCommit(session)).add(persister, entity);
	}

	private EntityRecords forgottenOnCommit(EventSource session) {
		EntityRecords records = new EntityRecords();
		// What a transaction committed is persistent, whatever becomes of the attempt
		session.getActionQueue().registerCallback((AfterCompletionCallback) (success, completed) -> {
			if (success) {
				this.persisted.remove(session, records);
			}
		});
		return records;
	}

	void merging(Object entity) {
		if (!this.saved.isEmpty()) {
			this.saved.computeIfPresent(entity,
					(key, earlier) -> new EntityRecord(earlier.getPersister(), entity, null));
		}
	}

	/**
	 * Return whether the transaction that just began has to be asked about changes that
	 * would be lost: only the attempt's own, and only if there is anything to lose.
	 * @return whether to call {@link #refuseToLoseChanges()} before it commits
	 */
	boolean canLoseChanges() {
		boolean own = !this.begun;
		this.begun = true;
		return own && !this.saved.isEmpty();
	}

	/**
	 * What the first attempt changed in a managed entity was written without a word; the
	 * entity is detached now, and the same change would be lost as silently.
	 */
	void refuseToLoseChanges() {
		for (EntityRecord entity : this.saved.values()) {
			if (entity.isChanged(this::isManaged)) {
				throw new InvalidDataAccessApiUsageException("The rerun of " + this.call + " changed an instance of "
						+ entity.getEntityName() + " that was managed before the first attempt and is detached now,"
						+ " and did not save it: the change would be lost. Load inside the method what it is to change");
			}
		}
	}

	private boolean isManaged(Object entity) {
		return this.sessions.stream().anyMatch((session) -> session.manages(entity));
	}

	void complete(boolean connectionLost) {
		if (connectionLost) {
			this.sessions.forEach(BoundSession::disconnect);
		}
		if (this.outer != null) {
			this.outer.inherit(this.persisted);
		}
	}

	private void inherit(Map<SessionImplementor, EntityRecords> uncommitted) {
		uncommitted.forEach((session, records) -> persisted().merge(session, records, EntityRecords::followedBy));
	}

	void discard(DetachedEntities detached, RestorationLog log) {
		this.sessions.forEach((session) -> {
			session.clearAndDisconnect();
			detached.add(session.get(), session.managed());
		});
		List<EntityRecord> made = new ArrayList<>();
		this.persisted.values().forEach((records) -> made.addAll(records.latestFirst()));
		List<EntityRecord> found = (this.detached != null) ? this.detached.latestFirst() : new ArrayList<>();
		this.sessions.forEach((session) -> found.addAll(session.managed()));
		// Hash-based collections need the identifiers first
		restore(made, EntityRecord::restoreAttributes, log);
		restore(found, EntityRecord::restoreAttributes, log);
		restore(made, EntityRecord::restoreElements, log);
		restore(found, EntityRecord::restoreElements, log);
		made.stream().filter(EntityRecord::isNoLongerNew).forEach((entity) -> log.noLongerNew(this.call, entity));
	}

	private void restore(List<EntityRecord> records, Consumer<EntityRecord> step, RestorationLog log) {
		for (EntityRecord entity : records) {
			try {
				step.accept(entity);
			}
			catch (RuntimeException ex) {
				log.notRestored(this.call, entity, ex);
			}
		}
	}

}
