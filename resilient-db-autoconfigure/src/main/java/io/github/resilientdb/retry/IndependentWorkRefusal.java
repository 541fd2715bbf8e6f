package io.github.resilientdb.retry;

import java.util.Map;
import java.util.stream.Collectors;

import io.github.resilientdb.retry.method.Selection;

import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * Refuses to rerun a method that nobody annotated, if the failed attempt has committed
 * something apart from its own transaction: the rerun would do that again.
 */
final class IndependentWorkRefusal {

	private IndependentWorkRefusal() {
	}

	static InvalidDataAccessApiUsageException of(String name, Map<String, Integer> work, Throwable failure) {
		return new InvalidDataAccessApiUsageException(
				("%s was not committed, and is not rerun: a rerun would repeat what the failed attempt had committed apart"
						+ " from its own transaction (%s), and only %s selects the method. If that may be repeated,"
						+ " annotate the method with @RetryableTransaction")
					.formatted(name, describe(work), Selection.METHODS),
				failure);
	}

	static String describe(Map<String, Integer> work) {
		return work.entrySet().stream().map((transaction) -> {
			String name = transaction.getKey().isEmpty() ? "one without a name" : transaction.getKey();
			return (transaction.getValue() > 1) ? name + " (" + transaction.getValue() + " times)" : name;
		}).collect(Collectors.joining(", "));
	}

}
