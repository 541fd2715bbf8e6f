package io.github.resilientdb.jpa;

import java.lang.reflect.Method;

import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.engine.spi.CollectionEntry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * Collections that must not be changed, which Hibernate marks in each session, but not
 * yet in 7.2, which Spring Boot 4.0 brings.
 */
final class ReadOnlyCollections {

	private static final @Nullable Method IS_READ_ONLY = ReflectionUtils.findMethod(CollectionEntry.class,
			"isReadOnly");

	private static final @Nullable Method SET_READ_ONLY = ReflectionUtils.findMethod(CollectionEntry.class,
			"setReadOnly", boolean.class, PersistentCollection.class);

	private ReadOnlyCollections() {
	}

	static boolean isReadOnly(CollectionEntry entry) {
		return IS_READ_ONLY != null && Boolean.TRUE.equals(ReflectionUtils.invokeMethod(IS_READ_ONLY, entry));
	}

	static void setReadOnly(CollectionEntry entry, PersistentCollection<?> collection) {
		if (SET_READ_ONLY != null) {
			ReflectionUtils.invokeMethod(SET_READ_ONLY, entry, true, collection);
		}
	}

}
