package io.github.resilientdb.pool.connect;

import java.sql.SQLException;

import com.zaxxer.hikari.util.Credentials;

/**
 * How single attempts are made.
 */
interface Attempts {

	String name();

	Credentials credentials();

	int hosts();

	Physical attempt(Credentials credentials, long deadline) throws SQLException;

	/**
	 * As {@link #attempt}, but one of many.
	 */
	Physical probe(Credentials credentials, long deadline) throws SQLException;

	ConnectFailure meaning(Throwable failure);

}
