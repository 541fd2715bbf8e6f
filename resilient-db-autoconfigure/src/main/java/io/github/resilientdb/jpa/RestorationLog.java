package io.github.resilientdb.jpa;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says, once per entity type, what a rerun cannot undo.
 */
final class RestorationLog {

	private static final Logger logger = LoggerFactory.getLogger(PersistenceAttemptListener.class);

	private final Set<String> said = ConcurrentHashMap.newKeySet();

	void noLongerNew(EntityRecord entity) {
		if (isFirst("new", entity)) {
			logger.atWarn()
				.addKeyValue("entity", entity.getEntityName())
				.log("A rerun meets instances of {} that a failed attempt made persistent and that no longer say"
						+ " isNew(): their own flag cannot be put back, save() will merge them",
						entity.getEntityName());
		}
	}

	void changedThoughManaged(EntityRecord entity) {
		if (isFirst("managed", entity)) {
			logger.atWarn()
				.addKeyValue("entity", entity.getEntityName())
				.log("A failed attempt changed instances of {} that were managed before it, by open-in-view say:"
						+ " they are detached for the rerun, whose changes to them are written only if it saves them."
						+ " Load what is to be changed inside the retryable method", entity.getEntityName());
		}
	}

	void notRestored(EntityRecord entity, RuntimeException failure) {
		if (isFirst("failure", entity)) {
			logger.atWarn()
				.addKeyValue("entity", entity.getEntityName())
				.setCause(failure)
				.log("What a failed attempt changed in an instance of {} could not be put back",
						entity.getEntityName());
		}
	}

	private boolean isFirst(String what, EntityRecord entity) {
		return this.said.add(what + ':' + entity.getEntityName());
	}

}
