package io.github.resilientdb.jpa;

import io.github.resilientdb.AttemptListener;

/**
 * Makes each attempt begin with the persistence contexts and the entities as the first
 * one found them.
 * <p>
 * Of an attempt that is going to be rerun, whatever it left behind is undone:
 * <ul>
 * <li>Each Hibernate session that was bound to the thread before the attempt, as
 * open-in-view does, is kept, cleared, and taken off its connection; it takes another one
 * when it needs it. <strong>Entities that were managed by it are detached from then
 * on</strong>: a rerun has to load, or to {@code save}, what it wants to change.</li>
 * <li>Each instance that the attempt made persistent, by itself or by a cascade, is as
 * new again: identifier, version, and all other persistent attributes are what they were
 * when the attempt made it persistent, collections by reference and by content. It does
 * not matter how the method came by the instance. Instances that a transaction within the
 * attempt committed, as with {@code REQUIRES_NEW}, stay as they are.</li>
 * <li>Each entity that was managed by a bound session before the attempt has its
 * attributes back. If the rerun changes one and does not save it, which would be lost
 * without a word, it fails instead of committing
 * ({@link org.springframework.dao.InvalidDataAccessApiUsageException
 * InvalidDataAccessApiUsageException}).</li>
 * </ul>
 * What cannot be put back: what the method changed in an instance before it made it
 * persistent, attributes that are not persistent (such as the flag of a
 * {@link org.springframework.data.domain.Persistable Persistable}, which is logged, once
 * per method and type), the inside of mutable values (dates, arrays), detached instances,
 * collections that the attempt initialized, and sessions that are not bound to the thread
 * (extended persistence contexts).
 * <p>
 * After an attempt that is not rerun but lost a connection, the bound sessions are taken
 * off their connections and not cleared, so that the rest of the request can go on.
 */
public final class PersistenceAttemptListener implements AttemptListener {

	private final DetachedEntities detached = new DetachedEntities();

	private final RestorationLog log = new RestorationLog();

	@Override
	public void attemptStarting(String call) {
		JpaAttempt.open(call, this.detached);
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
			attempt.discard(this.detached, this.log);
		}
	}

}
