package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

import org.hibernate.engine.spi.SessionImplementor;

/**
 * Which entities discarded attempts detached, as long as their sessions live.
 */
final class DetachedEntities {

	private final Map<SessionImplementor, List<EntityRecord>> bySession = Collections
		.synchronizedMap(new WeakHashMap<>());

	/**
	 * Return the entities that a session lost.
	 * @param session the session
	 * @return their records, of any age
	 */
	List<EntityRecord> of(SessionImplementor session) {
		return this.bySession.getOrDefault(session, List.of());
	}

	void add(SessionImplementor session, List<EntityRecord> detached) {
		if (!detached.isEmpty()) {
			List<EntityRecord> all = new ArrayList<>(of(session));
			all.addAll(detached);
			this.bySession.put(session, all);
		}
	}

}
