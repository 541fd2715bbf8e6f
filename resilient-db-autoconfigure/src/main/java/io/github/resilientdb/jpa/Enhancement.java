package io.github.resilientdb.jpa;

import org.hibernate.engine.spi.PersistentAttributeInterceptable;
import org.hibernate.engine.spi.PersistentAttributeInterceptor;
import org.hibernate.engine.spi.SelfDirtinessTracker;
import org.jspecify.annotations.Nullable;

/**
 * What bytecode enhancement has put into an entity.
 */
record Enhancement(@Nullable PersistentAttributeInterceptor interceptor, @Nullable LazyState lazy,
		String @Nullable [] dirty) {

	static @Nullable Enhancement of(Object entity) {
		PersistentAttributeInterceptor interceptor = (entity instanceof PersistentAttributeInterceptable enhanced)
				? enhanced.$$_hibernate_getInterceptor() : null;
		String[] dirty = (entity instanceof SelfDirtinessTracker tracker) ? tracker.$$_hibernate_getDirtyAttributes()
				: null;
		boolean enhanced = dirty != null || entity instanceof PersistentAttributeInterceptable;
		return enhanced ? new Enhancement(interceptor, (interceptor != null) ? LazyState.of(interceptor) : null, dirty)
				: null;
	}

	void suspend(Object entity) {
		if (entity instanceof PersistentAttributeInterceptable enhanced) {
			enhanced.$$_hibernate_setInterceptor(null);
		}
	}

	void restore(Object entity) {
		if (entity instanceof PersistentAttributeInterceptable enhanced) {
			enhanced.$$_hibernate_setInterceptor(this.interceptor);
		}
		if (this.lazy != null) {
			this.lazy.restore();
			this.lazy.restoreContents();
		}
		if (entity instanceof SelfDirtinessTracker tracker && this.dirty != null) {
			tracker.$$_hibernate_clearDirtyAttributes();
			for (String attribute : this.dirty) {
				tracker.$$_hibernate_trackChange(attribute);
			}
		}
	}

}
