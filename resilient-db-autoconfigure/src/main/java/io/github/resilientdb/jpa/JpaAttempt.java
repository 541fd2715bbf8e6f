package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.github.resilientdb.jpa.PersistenceAttemptListener.RestorationLog;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SessionImplementor;
import org.hibernate.engine.spi.TransactionCompletionCallbacks.AfterCompletionCallback;
import org.hibernate.event.spi.EventSource;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt finds and does: the sessions that were bound to the thread when it
 * began, with what they managed, and the instances it makes persistent.
 * <p>
 * Confined to its thread. Attempts nest.
 */
final class JpaAttempt {

	private static final ThreadLocal<@Nullable JpaAttempt> CURRENT = new ThreadLocal<>();

	private final String call;

	private final @Nullable JpaAttempt outer;

	// Made when it is needed: most attempts make nothing persistent
	private Map<SessionImplementor, PersistedEntities> persisted = Map.of();

	private final List<BoundSession> sessions;

	private final List<SessionSnapshot> snapshots = new ArrayList<>(0);

	private @Nullable RuntimeException obstacle;

	private JpaAttempt(String call, @Nullable JpaAttempt outer,
			Function<SessionFactoryImplementor, ObjectGraph.Types> types) {
		this.call = call;
		this.outer = outer;
		this.sessions = BoundSession.idle();
		try {
			this.sessions.forEach((session) -> this.snapshots.add(session.snapshot(types)));
		}
		catch (RuntimeException ex) {
			this.obstacle = ex;
		}
	}

	static void open(String call, Function<SessionFactoryImplementor, ObjectGraph.Types> types) {
		CURRENT.set(new JpaAttempt(call, CURRENT.get(), types));
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
		try {
			persisted().computeIfAbsent(session, (key) -> forgottenOnCommit(session)).add(persister, entity);
		}
		catch (RuntimeException ex) {
			this.obstacle = ex;
		}
	}

	private Map<SessionImplementor, PersistedEntities> persisted() {
		if (this.persisted.isEmpty()) {
			this.persisted = new IdentityHashMap<>(2);
		}
		return this.persisted;
	}

	private PersistedEntities forgottenOnCommit(EventSource session) {
		PersistedEntities entities = new PersistedEntities();
		// What a transaction committed is persistent, whatever becomes of the attempt
		session.getActionQueue().registerCallback((AfterCompletionCallback) (success, completed) -> {
			if (success) {
				this.persisted.remove(session, entities);
			}
		});
		return entities;
	}

	void complete(boolean connectionLost) {
		if (connectionLost) {
			this.sessions.forEach(BoundSession::disconnect);
		}
		if (this.outer != null) {
			this.outer.inherit(this);
		}
	}

	private void inherit(JpaAttempt inner) {
		inner.persisted
			.forEach((session, entities) -> persisted().merge(session, entities, PersistedEntities::followedBy));
		if (this.obstacle == null && !inner.persisted.isEmpty()) {
			this.obstacle = inner.obstacle;
		}
	}

	/**
	 * Put everything back.
	 * @param log takes what can't be put back and can't do harm either
	 */
	void discard(RestorationLog log) {
		this.sessions.forEach(BoundSession::clearAndDisconnect);
		if (this.obstacle != null) {
			throw Refusal.of(this.call, this.obstacle);
		}
		List<EntitySnapshot> made = new ArrayList<>();
		this.persisted.values().forEach((entities) -> made.addAll(entities.latestFirst()));
		try {
			made.forEach(EntitySnapshot::restoreAttributes);
			this.snapshots.forEach(SessionSnapshot::restore);
			made.forEach(EntitySnapshot::restoreElements);
		}
		catch (RuntimeException ex) {
			this.sessions.forEach(BoundSession::clearAndDisconnect);
			throw Refusal.of(this.call, ex);
		}
		made.stream().filter(EntitySnapshot::lostNewFlag).forEach((entity) -> log.lostNewFlag(this.call, entity));
	}

}
