package io.github.resilientdb.jpa;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.github.resilientdb.jpa.ObjectTypes.ObjectSnapshot;
import io.github.resilientdb.jpa.ObjectTypes.ObjectType;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * Knows what Spring Batch stores of its executions. Its repository increments their
 * versions when it updates them, and adds steps to a job when it creates them: a rerun
 * would find a version that is too high, and the step twice.
 */
public final class BatchTypes extends ObjectTypes {

	/**
	 * What all of them extend.
	 */
	public static final String ENTITY = "org.springframework.batch.core.Entity";

	@Override
	@Nullable ObjectType find(Class<?> type) {
		if (!isEntity(type)) {
			return null;
		}
		Field version = field(type, "version");
		Field steps = field(type, "stepExecutions");
		return (instance, reached) -> new ExecutionSnapshot(instance, version, steps);
	}

	private static boolean isEntity(Class<?> type) {
		for (Class<?> candidate = type; candidate != null; candidate = candidate.getSuperclass()) {
			if (candidate.getName().equals(ENTITY)) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable Field field(Class<?> type, String name) {
		Field field = ReflectionUtils.findField(type, name);
		if (field != null) {
			ReflectionUtils.makeAccessible(field);
		}
		return field;
	}

	private static @Nullable Object get(@Nullable Field field, Object instance) {
		return (field != null) ? ReflectionUtils.getField(field, instance) : null;
	}

	/**
	 * What one execution was like.
	 */
	private static final class ExecutionSnapshot implements ObjectSnapshot {

		private final Object instance;

		private final @Nullable Field version;

		private final @Nullable Object versionBefore;

		private final @Nullable Collection<Object> steps;

		private final List<Object> stepsBefore;

		@SuppressWarnings("unchecked")
		ExecutionSnapshot(Object instance, @Nullable Field version, @Nullable Field steps) {
			this.instance = instance;
			this.version = version;
			this.versionBefore = get(version, instance);
			this.steps = (get(steps, instance) instanceof Collection<?> elements) ? (Collection<Object>) elements
					: null;
			this.stepsBefore = (this.steps != null) ? new ArrayList<>(this.steps) : List.of();
		}

		@Override
		public void restoreAttributes() {
			if (this.version != null) {
				ReflectionUtils.setField(this.version, this.instance, this.versionBefore);
			}
		}

		@Override
		public void restoreElements() {
			if (this.steps != null && this.steps.size() != this.stepsBefore.size()) {
				this.steps.clear();
				this.steps.addAll(this.stepsBefore);
			}
		}

	}

}
