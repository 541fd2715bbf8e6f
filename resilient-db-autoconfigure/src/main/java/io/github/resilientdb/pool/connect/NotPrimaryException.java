package io.github.resilientdb.pool.connect;

import java.sql.SQLTransientConnectionException;
import java.util.Locale;

import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;

/**
 * Thrown when a server lets one in that is a standby, and a primary is needed.
 */
final class NotPrimaryException extends SQLTransientConnectionException {

	private static final long serialVersionUID = 1L;

	NotPrimaryException(String address, RequirePrimary required) {
		super("%s is a standby (in recovery), and this pool needs a primary (resilientdb.pool.require-primary=%s)"
			.formatted(address, required.name().toLowerCase(Locale.ROOT)), "08001");
	}

}
