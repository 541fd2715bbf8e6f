package io.github.resilientdb.test;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import io.github.resilientdb.test.rows.ComparedTables;
import org.jspecify.annotations.Nullable;

/**
 * What is run and compared.
 *
 * @param given resets what the method depends on
 * @param when the method
 * @param tables which tables are compared
 * @param effects what the method does elsewhere
 * @param perAttempt the effects that each attempt may have again
 * @param exceptions what the method may throw without a fault
 * @param within how long the method may take
 */
record FaultPlan(Work given, Callable<? extends @Nullable Object> when, ComparedTables tables,
		Map<String, Supplier<? extends @Nullable Object>> effects, Set<String> perAttempt,
		Set<Class<? extends Throwable>> exceptions, Duration within) {

	FaultPlan {
		effects = new LinkedHashMap<>(effects);
		perAttempt = Set.copyOf(perAttempt);
		exceptions = Set.copyOf(exceptions);
	}

	/**
	 * Refuse a method that fails without a fault: it does so with one, too, and nothing
	 * is proven.
	 */
	void requireAllowed(@Nullable Throwable exception) {
		if (exception != null && this.exceptions.stream().noneMatch((type) -> type.isInstance(exception))) {
			throw new IllegalStateException("The method fails without a fault: " + exception + ". Reset in given(...) "
					+ "what it depends on, and make in when(...) what is passed to it. If it is right that it fails, "
					+ "say so with allowingException(...)", exception);
		}
	}

}
