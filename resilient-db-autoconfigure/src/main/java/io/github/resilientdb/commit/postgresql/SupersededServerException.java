package io.github.resilientdb.commit.postgresql;

import java.sql.SQLTransientConnectionException;

/**
 * Thrown when a new connection leads to a former primary of a cluster that is known to
 * have another one now. Waiting helps.
 */
public final class SupersededServerException extends SQLTransientConnectionException {

	private static final long serialVersionUID = 1L;

	SupersededServerException(ContinuityToken token) {
		super("The server is on timeline %s of its cluster, and a later one was seen: it is no longer the primary"
			.formatted(token.timeline()), "08001");
	}

}
