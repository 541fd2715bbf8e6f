package io.github.resilientdb.jpa;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.resilientdb.AttemptListener;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.Ordered;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * Makes each attempt begin with the persistence contexts and the entities as the first
 * one found them.
 * <p>
 * Before a rerun, whatever the failed attempt left behind is undone:
 * <ul>
 * <li>Each Hibernate session that was bound to the thread before the attempt, as
 * open-in-view does, is kept, and taken off its connection; it takes another one when it
 * needs it. It manages what it managed before, as it was before: changes that were not
 * flushed are pending again, and what was not loaded is not loaded, whoever loaded it in
 * between.</li>
 * <li>Each instance that the attempt made persistent, by itself or by a cascade, is new
 * again: identifier, version, and all other persistent attributes are what they were when
 * the attempt made it persistent, collections by reference and by content. It does not
 * matter how the method came by the instance. Instances that a transaction within the
 * attempt committed, as with {@code REQUIRES_NEW}, stay as they are.</li>
 * </ul>
 * If that is impossible, the call throws an
 * {@link org.springframework.dao.InvalidDataAccessApiUsageException
 * InvalidDataAccessApiUsageException} instead of being rerun.
 * <p>
 * What cannot be put back: attributes that are not persistent (such as the flag of a
 * {@link org.springframework.data.domain.Persistable Persistable}, which is logged, once
 * per method and type), and sessions that are not bound to the thread (extended
 * persistence contexts).
 * <p>
 * After an attempt that is not rerun but lost a connection, the bound sessions are taken
 * off their connections and not cleared, so that the rest of the request can go on.
 */
public final class PersistenceAttemptListener implements AttemptListener, Ordered {

	private final RestorationLog log = new RestorationLog();

	private final Map<SessionFactoryImplementor, ObjectGraph.Types> types = new ConcurrentReferenceHashMap<>();

	/**
	 * Before the listener of arguments: this one puts an entity back to what it was when
	 * it was made persistent, and an argument must end up as it was when the method was
	 * called.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 100;
	}

	@Override
	public void attemptStarting(String call) {
		JpaAttempt.open(call, this::types);
	}

	private ObjectGraph.Types types(SessionFactoryImplementor factory) {
		return this.types.computeIfAbsent(factory, (key) -> new ObjectGraph.Types(List.of(new EntityTypes(key))));
	}

	@Override
	public void attemptCompleted(boolean connectionLost) {
		JpaAttempt attempt = JpaAttempt.close();
		if (attempt != null) {
			attempt.complete(connectionLost);
		}
	}

	@Override
	public void attemptDiscarded() {
		JpaAttempt attempt = JpaAttempt.close();
		if (attempt != null) {
			attempt.discard(this.log);
		}
	}

	/**
	 * Warns of what cannot be put back before a rerun, once per call and entity type.
	 */
	static final class RestorationLog {

		private static final Logger logger = LoggerFactory.getLogger(PersistenceAttemptListener.class);

		private final Set<Said> said = ConcurrentHashMap.newKeySet();

		void lostNewFlag(String call, EntitySnapshot entity) {
			if (this.said.add(new Said(call, entity.getEntityName()))) {
				logger.warn(
						"The rerun of {} finds instances of {} that the failed attempt made persistent and that no"
								+ " longer say isNew(): a flag of their own cannot be put back, so save() merges them",
						call, entity.getEntityName());
			}
		}

		private record Said(String call, String entity) {

		}

	}

}
