package io.github.resilientdb.pool.guard;

import java.sql.SQLNonTransientConnectionException;

import io.github.resilientdb.ServerSideFailure;
import org.jspecify.annotations.Nullable;

/**
 * The connection was lost before this call, so nothing was sent. The cause is how it was
 * lost. SQLSTATE 08003: the connection does not exist.
 */
@SuppressWarnings("serial")
final class ConnectionLostException extends SQLNonTransientConnectionException {

	ConnectionLostException(@Nullable Throwable cause) {
		super("The connection was lost before" + ((cause != null) ? ": " + cause.getMessage() : ""), "08003",
				(cause != null) ? ServerSideFailure.mark(cause) : null);
	}

}
