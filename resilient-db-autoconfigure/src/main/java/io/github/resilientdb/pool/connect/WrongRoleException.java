package io.github.resilientdb.pool.connect;

import java.sql.SQLTransientConnectionException;
import java.util.Locale;

import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;

/**
 * Thrown when a server lets one in, but is a standby where a primary is wanted, or the
 * other way round.
 */
final class WrongRoleException extends SQLTransientConnectionException {

	private static final long serialVersionUID = 1L;

	private WrongRoleException(String reason) {
		super(reason, "08001");
	}

	static WrongRoleException notPrimary(String address, RequirePrimary required) {
		return new WrongRoleException(
				"%s is a standby (in recovery), and this pool needs a primary (resilientdb.pool.require-primary=%s)"
					.formatted(address, lowerCase(required)));
	}

	static WrongRoleException notWanted(String host, boolean standby, TargetServer target) {
		return new WrongRoleException("%s is a %s, and the URL asks for targetServerType=%s".formatted(host,
				standby ? "standby" : "primary", lowerCase(target)));
	}

	private static String lowerCase(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

}
