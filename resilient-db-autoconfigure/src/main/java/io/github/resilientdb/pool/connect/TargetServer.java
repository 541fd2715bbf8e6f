package io.github.resilientdb.pool.connect;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Which servers among several a URL asks for: the driver's {@code targetServerType}.
 */
enum TargetServer {

	ANY, PRIMARY, SECONDARY, PREFER_PRIMARY, PREFER_SECONDARY;

	static TargetServer of(@Nullable String targetServerType) {
		if (targetServerType == null) {
			return ANY;
		}
		return switch (targetServerType.toLowerCase(Locale.ROOT)) {
			case "primary", "master" -> PRIMARY;
			case "secondary", "slave" -> SECONDARY;
			case "preferprimary" -> PREFER_PRIMARY;
			case "prefersecondary", "preferslave" -> PREFER_SECONDARY;
			default -> ANY;
		};
	}

	boolean isForStandbys() {
		return this == SECONDARY || this == PREFER_SECONDARY;
	}

	/**
	 * Return whether a server will do as long as there may be others.
	 */
	boolean wants(boolean standby) {
		return switch (this) {
			case ANY -> true;
			case PRIMARY, PREFER_PRIMARY -> !standby;
			case SECONDARY, PREFER_SECONDARY -> standby;
		};
	}

	/**
	 * Return whether a server will do if there are no others.
	 */
	boolean accepts(boolean standby) {
		return wants(standby) || this == PREFER_PRIMARY || this == PREFER_SECONDARY;
	}

}
