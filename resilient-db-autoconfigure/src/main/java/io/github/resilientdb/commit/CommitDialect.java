package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * What committing means for one kind of database.
 */
public interface CommitDialect {

	/**
	 * Forget which primaries were seen.
	 */
	default void forgetServers() {
	}

	/**
	 * Return whether a connection leads to such a database.
	 */
	boolean supports(Connection connection) throws SQLException;

	CommitSession open(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException;

	CommitSession openLazily(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException;

	/**
	 * Choose a verification, and stay with it.
	 * @param connection a connection in auto-commit mode
	 * @param schemaInPlace whether migrations have run
	 */
	CommitChoice choose(Connection connection, boolean schemaInPlace) throws SQLException;

	@Nullable CommitChoice choice();

	/**
	 * Remove markers that are no longer needed.
	 */
	int cleanUp(Connection connection, Deadline deadline) throws SQLException;

}
