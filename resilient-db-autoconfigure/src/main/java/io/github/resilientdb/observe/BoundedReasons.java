package io.github.resilientdb.observe;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the values of a tag few, whatever classifiers and operators come up with.
 */
final class BoundedReasons {

	static final String OTHER = "other";

	private static final int MAX_REASONS = 64;

	private final Set<String> reasons = ConcurrentHashMap.newKeySet();

	String limit(String reason) {
		if (this.reasons.size() < MAX_REASONS) {
			this.reasons.add(reason);
		}
		return this.reasons.contains(reason) ? reason : OTHER;
	}

}
