package io.github.resilientdb.jpa;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a rerun meets that cannot be put back, once per call and entity type.
 */
final class RestorationLog {

	private static final Logger logger = LoggerFactory.getLogger(PersistenceAttemptListener.class);

	private final Set<Said> said = ConcurrentHashMap.newKeySet();

	void lostNewFlag(String call, EntitySnapshot entity) {
		if (this.said.add(new Said(call, entity.getEntityName()))) {
			logger.warn(
					"The rerun of {} meets instances of {} that the failed attempt made persistent and that no"
							+ " longer say isNew(): a flag of their own cannot be put back, so save() merges them",
					call, entity.getEntityName());
		}
	}

	private record Said(String call, String entity) {

	}

}
