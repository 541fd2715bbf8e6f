package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import org.hibernate.engine.spi.SessionImplementor;
import org.hibernate.engine.spi.TransactionCompletionCallbacks.AfterCompletionCallback;
import org.hibernate.event.spi.EventSource;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt finds and does: the sessions that were bound to the thread when it
 * began, the entities managed by them, and the instances it makes persistent.
 * <p>
 * Confined to its thread. Attempts nest.
 */
final class JpaAttempt {

	private static final ThreadLocal<@Nullable JpaAttempt> CURRENT = new ThreadLocal<>();

	private final String call;

	private final @Nullable JpaAttempt outer;

	private final EntityRecords managed = new EntityRecords();

	private final Map<SessionImplementor, EntityRecords> persisted = new IdentityHashMap<>(2);

	private List<BoundSession> sessions = List.of();

	private JpaAttempt(String call, @Nullable JpaAttempt outer) {
		this.call = call;
		this.outer = outer;
	}

	static void open(String call) {
		JpaAttempt attempt = new JpaAttempt(call, CURRENT.get());
		CURRENT.set(attempt);
		attempt.sessions = BoundSession.idle();
		attempt.sessions.forEach((session) -> session.recordManaged(attempt.managed));
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

	void record(EventSource session, EntityPersister persister, Object entity) {
		this.persisted.computeIfAbsent(session, (key) -> forgottenOnCommit(session)).add(persister, entity);
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

	void complete(boolean connectionLost) {
		if (connectionLost) {
			this.sessions.forEach(BoundSession::disconnect);
		}
		if (this.outer != null) {
			this.outer.inherit(this.persisted);
		}
	}

	private void inherit(Map<SessionImplementor, EntityRecords> uncommitted) {
		uncommitted.forEach((session, records) -> this.persisted.merge(session, records, EntityRecords::followedBy));
	}

	void discard(RestorationLog log) {
		this.sessions.forEach(BoundSession::clearAndDisconnect);
		List<EntityRecord> found = this.managed.latestFirst();
		List<EntityRecord> made = new ArrayList<>();
		this.persisted.values().forEach((records) -> made.addAll(records.latestFirst()));
		// Hash-based collections need the identifiers first
		restore(made, EntityRecord::restoreAttributes, log);
		restore(found, EntityRecord::restoreAttributes, log);
		restore(made, EntityRecord::restoreElements, log);
		restore(found, EntityRecord::restoreElements, log);
		made.stream().filter(EntityRecord::isNoLongerNew).forEach((entity) -> log.noLongerNew(this.call, entity));
		found.stream().filter(EntityRecord::isChanged).forEach((entity) -> log.changedThoughManaged(this.call, entity));
	}

	private void restore(List<EntityRecord> records, EntityRecord.Step step, RestorationLog log) {
		for (EntityRecord entity : records) {
			try {
				step.apply(entity);
			}
			catch (RuntimeException ex) {
				log.notRestored(this.call, entity, ex);
			}
		}
	}

}
