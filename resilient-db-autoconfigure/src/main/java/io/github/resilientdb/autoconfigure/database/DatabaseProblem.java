package io.github.resilientdb.autoconfigure.database;

import java.util.Arrays;
import java.util.Set;

/**
 * Why no connection can be had, as far as the advice differs.
 */
public enum DatabaseProblem {

	/** No server listens there. */
	REFUSED(true, "can't be reached: nothing listens there",
			"""
					Start the database, or correct the host and the port of the URL. Whether it is there: pg_isready {options}""",
			"connect-failed"),

	/** No address belongs to the name of the host. */
	UNKNOWN_HOST(true, "can't be reached: its name has no address", """
			Correct the host of the URL, or make its name known where this application runs: \
			in containers, by a network that both are in.""", "unknown-host"),

	/** Nothing answers in time. */
	SILENT(true, "can't be reached: nothing answers", """
			Correct the host and the port of the URL, or let a firewall or a security group through. \
			Whether it is there: pg_isready {options}""", "timeout"),

	/** The username or the password is wrong. */
	LOGIN(false, "rejected the login", """
			Correct the username and the password. The same login by hand: psql {options} {database}
			If that works from elsewhere, pg_hba.conf of the server says who may log in from where.""",
			"authentication"),

	/** The server refuses this kind of connection. */
	REJECTED(false, "rejected the connection before the login", """
			Most often no password is set, or it demands TLS, or TLS can't be had there. \
			The same login by hand: psql {options} {database}""", "connection-rejected"),

	/** There is a server, but no such database. */
	NO_DATABASE(false, "does not exist", """
			Create it: createdb {options} {database}
			Or correct the name of the database in the URL.""", "no-such-database"),

	/** The server is not ready yet, or no longer. */
	STARTING(true, "is starting up or shutting down", """
			Start the application when it is ready. Whether it is: pg_isready {options}""", "starting-up",
			"shutting-down"),

	/** The server, or the pooler before it, has no connection left. */
	FULL(true, "has no room for more connections", """
			Set resilientdb.pool.size to less in each instance of the application, or max_connections of the server \
			to more. Who has them: select usename, application_name, count(*) from pg_stat_activity group by 1, 2""",
			"too-many-connections", "pooler-exhausted"),

	/** The certificate of the server is not trusted. */
	CERTIFICATE(false, "shows a certificate that is not trusted", """
			Set sslrootcert in the URL to the certificate of its authority, or correct the host, \
			which the certificate has to name.""", "certificate", "tls"),

	/** Anything else. */
	OTHER(false, "can't be used", """
			All that is known is what the driver says. The same connection by hand: psql {options} {database}""");

	private final boolean passing;

	private final String headline;

	private final String action;

	private final Set<String> reasons;

	DatabaseProblem(boolean passing, String headline, String action, String... reasons) {
		this.passing = passing;
		this.headline = headline;
		this.action = action;
		this.reasons = Set.of(reasons);
	}

	/**
	 * Find the problem.
	 * @param reason what the classifier calls it
	 * @return the problem
	 */
	static DatabaseProblem of(String reason) {
		return Arrays.stream(values()).filter((problem) -> problem.reasons.contains(reason)).findFirst().orElse(OTHER);
	}

	/**
	 * Return whether it may pass by itself, so that waiting is worth a thought.
	 */
	boolean mayPass() {
		return this.passing;
	}

	/**
	 * Return what is wrong, to follow the database in a sentence.
	 */
	String headline() {
		return this.headline;
	}

	/**
	 * Return what to try.
	 * @param address the database
	 */
	String action(DatabaseAddress address) {
		String database = address.database();
		return this.action.replace("{options}", address.options())
			.replace("{database}", (database != null) ? database : "")
			.strip();
	}

}
