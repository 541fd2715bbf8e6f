package io.github.resilientdb.jpa;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.AbstractAggregateRoot;
import org.springframework.data.domain.Persistable;
import org.springframework.data.domain.Slice;
import org.springframework.data.util.Streamable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * What Spring Data knows of entities, where it is there to be asked.
 */
final class SpringData {

	private static final boolean PRESENT = ClassUtils.isPresent("org.springframework.data.domain.Persistable",
			SpringData.class.getClassLoader());

	private SpringData() {
	}

	/**
	 * Return whether an entity says of itself that it is new.
	 * @param entity the entity
	 * @return whether it does
	 */
	static boolean isNew(Object entity) {
		return PRESENT && Types.isNew(entity);
	}

	/**
	 * Return the events that an aggregate has registered and nobody has published yet.
	 * @param aggregate the aggregate
	 * @return the collection that holds them, or {@code null} if it holds none anyway
	 */
	static @Nullable Collection<?> domainEvents(Object aggregate) {
		return PRESENT ? Types.domainEvents(aggregate) : null;
	}

	static boolean isStreamable(Class<?> type) {
		return PRESENT && Types.isStreamable(type);
	}

	static Iterable<?> elements(Object streamable) {
		return Types.elements(streamable);
	}

	private static final class Types {

		private static final Field DOMAIN_EVENTS = Objects
			.requireNonNull(ReflectionUtils.findField(AbstractAggregateRoot.class, "domainEvents"));

		static {
			ReflectionUtils.makeAccessible(DOMAIN_EVENTS);
		}

		static boolean isNew(Object entity) {
			return entity instanceof Persistable<?> persistable && persistable.isNew();
		}

		static @Nullable Collection<?> domainEvents(Object aggregate) {
			return (aggregate instanceof AbstractAggregateRoot<?>)
					? (Collection<?>) ReflectionUtils.getField(DOMAIN_EVENTS, aggregate) : null;
		}

		// One that is made of a stream may be read only once
		static boolean isStreamable(Class<?> type) {
			return Streamable.class.isAssignableFrom(type)
					&& !type.getName().equals("org.springframework.data.util.LazyStreamable");
		}

		static Iterable<?> elements(Object streamable) {
			if (streamable instanceof Slice<?> slice) {
				return slice.getContent();
			}
			return (streamable instanceof Streamable<?> other) ? other : List.of();
		}

	}

}
