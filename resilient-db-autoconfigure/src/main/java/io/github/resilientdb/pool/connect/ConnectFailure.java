package io.github.resilientdb.pool.connect;

import java.net.ConnectException;
import java.sql.SQLException;

import io.github.resilientdb.FailureVerdict;

/**
 * What a failed attempt to connect means for the next one.
 */
enum ConnectFailure {

	/**
	 * Nobody listens: cheap to ask again.
	 */
	REFUSED,

	/**
	 * Somebody answers, but lets nobody in yet: starting up, too many clients, a standby
	 * where a primary is needed. Each question costs the server a process.
	 */
	NOT_YET,

	/**
	 * Nobody answers, or the address is unknown: the attempt itself took its time.
	 */
	SILENT,

	/**
	 * Asking again does not help.
	 */
	FINAL;

	static ConnectFailure of(Throwable failure, FailureVerdict verdict) {
		String state = (failure instanceof SQLException ex) ? ex.getSQLState() : null;
		if ("08P01".equals(state)) {
			// garbled by a server or a proxy that was going away: nothing that would last
			return NOT_YET;
		}
		if (verdict.kind() == FailureVerdict.Kind.OTHER || "interrupted".equals(verdict.reason())) {
			return FINAL;
		}
		if (failure instanceof WrongRoleException
				|| (state != null && !"08001".equals(state) && !"08006".equals(state) && !"08000".equals(state))) {
			return NOT_YET;
		}
		return hasCause(failure, ConnectException.class) ? REFUSED : SILENT;
	}

	private static boolean hasCause(Throwable failure, Class<?> type) {
		Throwable candidate = failure;
		for (int i = 0; candidate != null && i < 16; i++) {
			if (type.isInstance(candidate)) {
				return true;
			}
			candidate = candidate.getCause();
		}
		return false;
	}

	boolean mayPass() {
		return this != FINAL;
	}

}
