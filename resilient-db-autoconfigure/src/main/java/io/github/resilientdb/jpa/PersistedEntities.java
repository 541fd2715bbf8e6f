package io.github.resilientdb.jpa;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.hibernate.persister.entity.EntityPersister;

/**
 * Snapshots of instances from before they were made persistent, in the order in which
 * they were taken. An entity that nobody else holds any more is forgotten, so that a
 * batch which flushes and clears needs no more memory than it did.
 */
final class PersistedEntities {

	private final Set<EntitySnapshot> snapshots = new LinkedHashSet<>();

	private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

	void add(EntityPersister persister, Object entity) {
		forgetCollected();
		this.snapshots.add(new EntitySnapshot(persister, entity, (reached) -> {
		}, this.collected));
	}

	@SuppressWarnings("SuspiciousMethodCalls")
	private void forgetCollected() {
		Reference<?> reference = this.collected.poll();
		while (reference != null) {
			this.snapshots.remove(reference);
			reference = this.collected.poll();
		}
	}

	PersistedEntities followedBy(PersistedEntities later) {
		this.snapshots.addAll(later.snapshots);
		return this;
	}

	/**
	 * Return the snapshots, the latest first: of several of one entity, the earliest is
	 * the last to be restored.
	 * @return the snapshots
	 */
	List<EntitySnapshot> latestFirst() {
		List<EntitySnapshot> result = new ArrayList<>(this.snapshots);
		Collections.reverse(result);
		return result;
	}

}
