package io.github.resilientdb.jpa;

import java.util.function.Function;

import io.github.resilientdb.AttemptListener;
import jakarta.persistence.EntityManager;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionOperations;

/**
 * Reruns a transaction that failed and tells the listener of each attempt.
 */
final class Reruns {

	private final AttemptListener listener;

	private final TransactionOperations transaction;

	private final EntityManager entityManager;

	private int attempts;

	Reruns(AttemptListener listener, TransactionOperations transaction, EntityManager entityManager) {
		this.listener = listener;
		this.transaction = transaction;
		this.entityManager = entityManager;
	}

	/**
	 * Run at most twice.
	 */
	<T> @Nullable T call(Function<EntityManager, @Nullable T> work) {
		return call(2, work);
	}

	<T> @Nullable T call(int maxAttempts, Function<EntityManager, @Nullable T> work) {
		this.attempts = 0;
		while (true) {
			this.attempts++;
			this.listener.attemptStarting("Test.call");
			try {
				T result = this.transaction.execute((status) -> work.apply(this.entityManager));
				this.listener.attemptCompleted(this.attempts > 1);
				return result;
			}
			catch (RuntimeException | AssertionError ex) {
				if (this.attempts >= maxAttempts || ex instanceof AssertionError) {
					this.listener.attemptCompleted(true);
					throw ex;
				}
				this.listener.attemptDiscarded();
			}
		}
	}

	int attempts() {
		return this.attempts;
	}

	boolean isFirst() {
		return this.attempts == 1;
	}

}
