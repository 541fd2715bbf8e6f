package io.github.resilientdb.retry.method;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.github.resilientdb.CallName;

/**
 * The retryable methods that were found so far. Beans that are created lazily add theirs
 * later.
 */
public final class KnownCalls {

	// How often each may be attempted, 0 for what the property says
	private final Map<CallName, Set<Integer>> calls = new LinkedHashMap<>();

	private final List<Consumer<CallName>> subscribers = new ArrayList<>();

	public synchronized void add(RetryableMethod method) {
		CallName call = method.call();
		Set<Integer> attempts = this.calls.get(call);
		if (attempts != null) {
			attempts.add(method.options().maxAttempts());
			return;
		}
		this.calls.put(call, new HashSet<>(Set.of(method.options().maxAttempts())));
		this.subscribers.forEach((subscriber) -> subscriber.accept(call));
	}

	public synchronized void subscribe(Consumer<CallName> subscriber) {
		this.calls.keySet().forEach(subscriber);
		this.subscribers.add(subscriber);
	}

	/**
	 * Return whether calls of that name may be rerun: one that is unknown may.
	 * @param call names the calls
	 * @param byDefault how often a method is attempted that says nothing about it
	 * @return whether one of the methods with that name has more than one attempt
	 */
	public synchronized boolean isRerun(CallName call, int byDefault) {
		return this.calls.getOrDefault(call, Set.of(Integer.MAX_VALUE))
			.stream()
			.anyMatch((attempts) -> ((attempts != 0) ? attempts : byDefault) > 1);
	}

}
