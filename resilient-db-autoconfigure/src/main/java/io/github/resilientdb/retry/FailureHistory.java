package io.github.resilientdb.retry;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import io.github.resilientdb.ServerSideFailure;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionSystemException;

/**
 * The earlier failures of a call, which become suppressed exceptions of the one that it
 * ends with. Immutable.
 */
final class FailureHistory {

	// The first one and the most recent ones: a long outage has many
	private static final int MAX_EARLIER = 10;

	private static final int MAX_GRAPH = 512;

	// These make a new exception for each failure
	private static final List<String> FRAMEWORKS = List.of("org.springframework.dao.", "org.springframework.jdbc.",
			"org.springframework.orm.", "org.springframework.transaction.", "org.hibernate.", "jakarta.persistence.");

	private static final String LOOP = RetryLoop.class.getName();

	static final FailureHistory NONE = new FailureHistory(List.of());

	private final List<Throwable> earlier;

	private FailureHistory(List<Throwable> earlier) {
		this.earlier = earlier;
	}

	/**
	 * Return a history that has one more failure.
	 */
	FailureHistory with(Throwable failure) {
		List<Throwable> failures = new ArrayList<>(this.earlier);
		if (failures.size() == MAX_EARLIER) {
			failures.remove(1);
		}
		failures.add(failure);
		return new FailureHistory(failures);
	}

	/**
	 * Add the earlier failures to the one that the call ends with.
	 * @param last the failure that the call ends with
	 * @return the same
	 */
	Throwable conclude(Throwable last) {
		if (this.earlier.isEmpty() || !isOfThisCall(last)) {
			return last;
		}
		for (Throwable failure : this.earlier) {
			if (!reaches(last, failure) && !reaches(failure, last)) {
				last.addSuppressed(failure);
			}
		}
		return last;
	}

	/**
	 * Find the report of an unknown outcome in the wrappers that were put around it.
	 * @param thrown what was thrown
	 * @return the report, or {@code null}
	 */
	static @Nullable TransactionOutcomeUnknownException findUnknown(Throwable thrown) {
		return (TransactionOutcomeUnknownException) find(thrown, TransactionOutcomeUnknownException.class::isInstance);
	}

	/**
	 * Find the first exception of a cause chain that meets a condition.
	 * @param thrown where the chain begins
	 * @param condition the condition
	 * @return the exception, or {@code null}
	 */
	static @Nullable Throwable find(Throwable thrown, Predicate<Throwable> condition) {
		Throwable candidate = thrown;
		for (int i = 0; candidate != null && i < MAX_GRAPH; i++) {
			if (condition.test(candidate)) {
				return candidate;
			}
			candidate = candidate.getCause();
		}
		return null;
	}

	/**
	 * Return whether a failure is in the cause chain of what was thrown.
	 * @param thrown what was thrown
	 * @param failure the failure
	 * @return whether it is there
	 */
	static boolean isCausedBy(Throwable thrown, Throwable failure) {
		return find(thrown, (candidate) -> candidate == failure) != null;
	}

	/**
	 * Make sure that what the connection saw is in the cause chain of what is thrown:
	 * rollback failures and {@code UnexpectedRollbackException} lose it on the way.
	 * Exceptions that the application shares among calls are left alone.
	 * @param thrown what is thrown
	 * @param origin what the connection saw
	 * @return what to throw: the same, unless its causes can't be added to
	 */
	static Throwable withOrigin(Throwable thrown, Throwable origin) {
		Throwable root = thrown;
		for (int i = 0; i < MAX_GRAPH; i++) {
			if (root == origin) {
				return thrown;
			}
			Throwable cause = root.getCause();
			if (cause == null) {
				return withOrigin(thrown, root, origin);
			}
			root = cause;
		}
		return thrown;
	}

	private static Throwable withOrigin(Throwable thrown, Throwable root, Throwable origin) {
		Throwable marked = ServerSideFailure.mark(origin);
		if (isOfThisCall(root) && !reaches(origin, root)) {
			try {
				root.initCause(marked);
				return thrown;
			}
			catch (RuntimeException ex) {
				// Its cause was set to null, which is final, or its class refuses one
			}
		}
		if (thrown instanceof RuntimeException && isSpring(thrown)) {
			TransactionSystemException wrapper = new TransactionSystemException(String.valueOf(thrown.getMessage()),
					marked);
			wrapper.addSuppressed(thrown);
			return wrapper;
		}
		if (isOfThisCall(thrown)) {
			thrown.addSuppressed(origin);
		}
		return thrown;
	}

	/**
	 * Return whether an exception was made for this call, and may be added to. One of the
	 * application's may be a constant, or be kept somewhere: then other calls throw it
	 * too, and it would collect the failures of all of them.
	 */
	private static boolean isOfThisCall(Throwable thrown) {
		if (isOfFramework(thrown)) {
			return true;
		}
		boolean within = false;
		for (StackTraceElement frame : thrown.getStackTrace()) {
			if (frame.getMethodName().equals("<clinit>")) {
				return false;
			}
			within |= frame.getClassName().equals(LOOP);
		}
		return within;
	}

	private static boolean isOfFramework(Throwable thrown) {
		String name = thrown.getClass().getName();
		return thrown instanceof SQLException || thrown instanceof TransactionOutcomeUnknownException
				|| FRAMEWORKS.stream().anyMatch(name::startsWith);
	}

	// Any other type is the application's, and keeps its identity
	private static boolean isSpring(Throwable thrown) {
		return thrown.getClass().getName().startsWith("org.springframework.");
	}

	private static boolean reaches(Throwable from, Throwable to) {
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		List<Throwable> open = new ArrayList<>();
		open.add(from);
		while (!open.isEmpty() && seen.size() < MAX_GRAPH) {
			Throwable candidate = open.remove(open.size() - 1);
			if (candidate == to) {
				return true;
			}
			if (seen.add(candidate)) {
				open.addAll(List.of(candidate.getSuppressed()));
				if (candidate.getCause() != null) {
					open.add(candidate.getCause());
				}
			}
		}
		return false;
	}

}
