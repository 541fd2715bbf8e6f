package io.github.resilientdb.commit.postgresql;

import java.sql.SQLTransientConnectionException;

/**
 * Thrown when a new connection leads to a server that was the primary once, and the
 * cluster is known to have another one since. Waiting helps.
 */
public final class SupersededServerException extends SQLTransientConnectionException {

	private static final long serialVersionUID = 1L;

	SupersededServerException(ContinuityToken token) {
		super("The server is on timeline %s of its cluster, and a later one was seen: it is no primary any more"
			.formatted(token.timeline()), "08001");
	}

}
