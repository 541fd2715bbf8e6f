package io.github.resilientdb.disconnect;

import java.util.HashMap;
import java.util.Map;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts by SQLSTATE.
 */
final class Verdicts {

	private final Map<String, FailureVerdict> byState = new HashMap<>();

	Verdicts disconnect(String state, Scope scope, String reason) {
		return add(state, new FailureVerdict(Kind.DISCONNECT, scope, reason));
	}

	Verdicts unavailable(String state, String reason) {
		return add(state, new FailureVerdict(Kind.UNAVAILABLE, Scope.NONE, reason));
	}

	Verdicts contention(String state, Kind kind, String reason) {
		return add(state, new FailureVerdict(kind, Scope.NONE, reason));
	}

	Verdicts other(String state, Scope scope, String reason) {
		return add(state, new FailureVerdict(Kind.OTHER, scope, reason));
	}

	@Nullable FailureVerdict get(@Nullable String state) {
		return (state != null) ? this.byState.get(state) : null;
	}

	private Verdicts add(String state, FailureVerdict verdict) {
		this.byState.put(state, verdict);
		return this;
	}

}
