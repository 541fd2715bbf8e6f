package io.github.resilientdb.jpa;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Says what a rerun meets that cannot be undone, once per call and entity type.
 */
final class RestorationLog {

	private static final Logger logger = LoggerFactory.getLogger(PersistenceAttemptListener.class);

	private final Set<Said> said = ConcurrentHashMap.newKeySet();

	void noLongerNew(String call, EntityRecord entity) {
		if (isFirst(Problem.NO_LONGER_NEW, call, entity)) {
			warn(call, entity).log("The rerun of {} meets instances of {} that the failed attempt made persistent and"
					+ " that no longer say isNew(): a flag of their own cannot be put back, so save() merges them");
		}
	}

	void notRestored(String call, EntityRecord entity, RuntimeException failure) {
		if (isFirst(Problem.NOT_RESTORED, call, entity)) {
			warn(call, entity).setCause(failure)
				.log("What the failed attempt of {} changed in an instance of {} could not be put back");
		}
	}

	private static LoggingEventBuilder warn(String call, EntityRecord entity) {
		return logger.atWarn().addArgument(call).addArgument(entity.getEntityName());
	}

	private boolean isFirst(Problem problem, String call, EntityRecord entity) {
		return this.said.add(new Said(problem, call, entity.getEntityName()));
	}

	private enum Problem {

		NO_LONGER_NEW, NOT_RESTORED

	}

	private record Said(Problem problem, String call, String entity) {

	}

}
