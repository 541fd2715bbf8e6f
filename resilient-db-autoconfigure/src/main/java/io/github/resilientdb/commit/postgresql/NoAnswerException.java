package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;

import io.github.resilientdb.commit.CommitOutcome.UnknownReason;

/**
 * Thrown when a question fails after the server has said why there is no outcome yet. The
 * connection can't be used again.
 */
final class NoAnswerException extends SQLException {

	private static final long serialVersionUID = 1L;

	private final UnknownReason reason;

	NoAnswerException(UnknownReason reason, Exception cause) {
		super(cause.getMessage(), (cause instanceof SQLException ex) ? ex.getSQLState() : null, cause);
		this.reason = reason;
	}

	UnknownReason reason() {
		return this.reason;
	}

}
