package io.github.resilientdb.retry.method;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import io.github.resilientdb.CallName;

/**
 * The retryable methods that were found so far. Beans that are created lazily add theirs
 * later.
 */
public final class KnownCalls {

	private final Set<CallName> calls = new LinkedHashSet<>();

	private final List<Consumer<CallName>> subscribers = new ArrayList<>();

	public synchronized void add(CallName call) {
		if (this.calls.add(call)) {
			this.subscribers.forEach((subscriber) -> subscriber.accept(call));
		}
	}

	public synchronized void subscribe(Consumer<CallName> subscriber) {
		this.calls.forEach(subscriber);
		this.subscribers.add(subscriber);
	}

}
