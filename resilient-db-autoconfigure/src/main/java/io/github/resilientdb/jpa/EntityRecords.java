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
 * Records of entities, in the order in which they were made. An entity that nobody else
 * holds any more is forgotten, so that a batch which flushes and clears needs no more
 * memory than it did.
 */
final class EntityRecords {

	private final Set<EntityRecord> records = new LinkedHashSet<>();

	private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

	EntityRecord add(EntityPersister persister, Object entity) {
		forgetCollected();
		EntityRecord added = new EntityRecord(persister, entity, this.collected);
		this.records.add(added);
		return added;
	}

	@SuppressWarnings("SuspiciousMethodCalls")
	private void forgetCollected() {
		Reference<?> reference = this.collected.poll();
		while (reference != null) {
			this.records.remove(reference);
			reference = this.collected.poll();
		}
	}

	EntityRecords followedBy(EntityRecords later) {
		this.records.addAll(later.records);
		return this;
	}

	/**
	 * Return the records, the latest first: of several of one entity, the earliest is the
	 * last to be restored.
	 * @return the records
	 */
	List<EntityRecord> latestFirst() {
		List<EntityRecord> result = new ArrayList<>(this.records);
		Collections.reverse(result);
		return result;
	}

}
