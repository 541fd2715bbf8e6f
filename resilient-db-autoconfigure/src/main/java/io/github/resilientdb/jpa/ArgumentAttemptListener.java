package io.github.resilientdb.jpa;

import java.util.List;
import java.util.function.Supplier;

import io.github.resilientdb.AttemptListener;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Puts the entities and aggregates among the arguments back before a rerun, as they were
 * when the method was called, with all that is loaded and can be reached from them.
 * <p>
 * They are found in collections, maps, arrays, {@link java.util.Optional Optional}s and
 * Spring Data's pages too. Only what can be read any number of times is read, and nothing
 * is loaded. If there are more than 10,000, the call is not rerun, and its exception says
 * so.
 */
public final class ArgumentAttemptListener implements AttemptListener {

	private static final ThreadLocal<@Nullable Attempt> CURRENT = new ThreadLocal<>();

	private final Supplier<ObjectGraph.Types> types;

	/**
	 * Create a listener.
	 * @param types what knows entities and aggregates; looked up with the first call
	 */
	public ArgumentAttemptListener(Supplier<? extends List<? extends ObjectTypes>> types) {
		this.types = SingletonSupplier.of(() -> new ObjectGraph.Types(types.get()));
	}

	@Override
	public void attemptStarting(String call, @Nullable Object[] arguments) {
		Attempt attempt = new Attempt(call, CURRENT.get());
		CURRENT.set(attempt);
		for (Object argument : arguments) {
			if (argument != null && !this.types.get().isPlain(argument)) {
				attempt.keep(this.types.get(), argument);
			}
		}
	}

	@Override
	public void attemptCompleted(boolean connectionLost) {
		close();
	}

	@Override
	public void attemptDiscarded() {
		Attempt attempt = close();
		if (attempt != null) {
			attempt.restore();
		}
	}

	private static @Nullable Attempt close() {
		Attempt attempt = CURRENT.get();
		// Cheaper than removing the entry and making it again
		CURRENT.set((attempt != null) ? attempt.outer : null);
		return attempt;
	}

	private static final class Attempt {

		private final String call;

		private final @Nullable Attempt outer;

		private @Nullable ObjectGraph arguments;

		private @Nullable RuntimeException obstacle;

		private Attempt(String call, @Nullable Attempt outer) {
			this.call = call;
			this.outer = outer;
		}

		void keep(ObjectGraph.Types types, Object argument) {
			if (this.obstacle != null) {
				return;
			}
			if (this.arguments == null) {
				this.arguments = new ObjectGraph(types);
			}
			try {
				this.arguments.add(argument);
			}
			catch (RuntimeException ex) {
				this.obstacle = ex;
				this.arguments = null;
			}
		}

		void restore() {
			if (this.obstacle != null) {
				throw Refusal.of(this.call, this.obstacle);
			}
			if (this.arguments != null) {
				try {
					this.arguments.restore();
				}
				catch (RuntimeException ex) {
					throw Refusal.of(this.call, ex);
				}
			}
		}

	}

}
