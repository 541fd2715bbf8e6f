package io.github.resilientdb.pool.guard;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;

/**
 * What the guard itself finds out about a connection, where no failure of the driver's
 * says it.
 */
final class Loss {

	static final FailureVerdict NO_ANSWER = verdict(Scope.SUSPECT, "ping-failed");

	static final FailureVerdict ANSWER_OVERDUE = verdict(Scope.POOL, "ping-timeout");

	static final FailureVerdict SERVER_SLOW = verdict(Scope.CONNECTION, "ping-timeout");

	/**
	 * The driver stopped in the middle of something: the next answer may belong to it.
	 */
	static final FailureVerdict DRIVER_FAILED = verdict(Scope.CONNECTION, "driver-error");

	static final FailureVerdict OUT_OF_STEP = verdict(Scope.CONNECTION, "unread-input");

	static final FailureVerdict NOT_PRIMARY = verdict(Scope.CONNECTION, "read-only");

	static final FailureVerdict NONE_IS_PRIMARY = verdict(Scope.POOL, "read-only");

	/**
	 * The connection is as good as before, but nothing can be written for a while.
	 */
	static final FailureVerdict READ_ONLY_SERVER = new FailureVerdict(Kind.UNAVAILABLE, Scope.NONE, "read-only");

	static final FailureVerdict SUPERSEDED = verdict(Scope.CONNECTION, "superseded");

	static final FailureVerdict RESET_FAILED = verdict(Scope.CONNECTION, "reset-failed");

	static final FailureVerdict COMMIT_FAILED = verdict(Scope.CONNECTION, "commit-failed");

	private Loss() {
	}

	private static FailureVerdict verdict(Scope scope, String reason) {
		return new FailureVerdict(Kind.DISCONNECT, scope, reason);
	}

}
