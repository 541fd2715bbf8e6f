package io.github.resilientdb.jpa;

import org.springframework.data.domain.Persistable;
import org.springframework.util.ClassUtils;

/**
 * What an entity says of itself, where Spring Data is there to ask it.
 */
final class DeclaredState {

	private static final boolean SPRING_DATA = ClassUtils.isPresent("org.springframework.data.domain.Persistable",
			DeclaredState.class.getClassLoader());

	private DeclaredState() {
	}

	static boolean isNew(Object entity) {
		return SPRING_DATA && SpringData.isNew(entity);
	}

	private static final class SpringData {

		static boolean isNew(Object entity) {
			return entity instanceof Persistable<?> persistable && persistable.isNew();
		}

	}

}
