package io.github.resilientdb.pool.guard;

import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.watchdog.Servers;
import io.github.resilientdb.watchdog.Servers.Reached;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who makes new transactions read-only, unless they say otherwise.
 */
enum ReadOnlyDefault {

	/**
	 * Nobody.
	 */
	OFF,

	/**
	 * The configuration of the server.
	 */
	SERVER,

	/**
	 * The role, the database or the client.
	 */
	ROLE_OR_DATABASE,

	/**
	 * The server can't be asked.
	 */
	UNKNOWN;

	private static final Logger logger = LoggerFactory.getLogger(ReadOnlyDefault.class);

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

	private static final Set<String> OF_THE_SERVER = Set.of("configuration file", "command line",
			"environment variable");

	private static final String QUESTION = "select setting, source from pg_catalog.pg_settings"
			+ " where name = 'default_transaction_read_only'";

	static ReadOnlyDefault of(String setting, String source) {
		if (!setting.equals("on")) {
			return OFF;
		}
		return OF_THE_SERVER.contains(source) ? SERVER : ROLE_OR_DATABASE;
	}

	/**
	 * Ask a server, on a connection of its own.
	 * @param servers leads there
	 * @param address the address, {@code null} if there is one
	 */
	static ReadOnlyDefault ask(Servers servers, @Nullable String address) {
		long deadline = System.nanoTime() + PATIENCE;
		if (!(servers.visit((address != null) ? address : "", PATIENCE, deadline) instanceof Reached reached)) {
			return UNKNOWN;
		}
		try (AutoCloseable closing = reached.closing();
				Statement statement = reached.connection().createStatement();
				ResultSet result = statement.executeQuery(QUESTION)) {
			return result.next() ? of(result.getString(1), result.getString(2)) : UNKNOWN;
		}
		catch (Exception ex) {
			logger.debug("Who made transactions read-only can't be found out", ex);
			return UNKNOWN;
		}
	}

}
