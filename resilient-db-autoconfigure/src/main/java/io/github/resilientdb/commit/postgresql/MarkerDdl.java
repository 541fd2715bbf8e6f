package io.github.resilientdb.commit.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.resilientdb.commit.CommitFailure;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.MarkerTableUnavailableException;
import io.github.resilientdb.commit.VerificationMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The script that creates the marker table.
 */
final class MarkerDdl {

	static final String RESOURCE = "resilientdb-commit-marker.sql";

	private static final Logger logger = LoggerFactory.getLogger(MarkerDdl.class);

	private MarkerDdl() {
	}

	/**
	 * The script for a table of another name.
	 * @param table the name, quoted, perhaps with its schema
	 */
	static String text(String table) {
		return text().replace("IF NOT EXISTS " + CommitSettings.DEFAULT_MARKER_TABLE, "IF NOT EXISTS " + table)
			.replace("'" + CommitSettings.DEFAULT_MARKER_TABLE + "'", "'" + table.replace("'", "''") + "'");
	}

	/**
	 * Run the script if that is asked for and the table is missing. Of several instances
	 * that start at once, one does.
	 * @param connection a connection in auto-commit mode
	 */
	static void createIfMissing(Connection connection, CommitSettings settings) throws SQLException {
		boolean wanted = settings.createMarkerTable() && (settings.verification() == VerificationMode.AUTO
				|| settings.verification() == VerificationMode.MARKER);
		if (!wanted || isComplete(connection, settings)) {
			return;
		}
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET TRANSACTION READ WRITE");
			statement.execute("SELECT pg_catalog.pg_advisory_xact_lock(%d, pg_catalog.hashtext('%s'))"
				.formatted(MarkerEviction.LOCK_CLASS, settings.markerTable().replace("'", "''")));
			if (!isComplete(connection, settings)) {
				statement.execute(text(MarkerInspection.asked(settings)));
				logger.info("Created the commit marker table {}", settings.markerTable());
			}
			connection.commit();
		}
		catch (SQLException ex) {
			if (CommitFailure.isLoss(ex, connection) || CommitFailure.mayPass(ex)) {
				throw ex;
			}
			throw new MarkerTableUnavailableException(
					"its table can't be created, as resilientdb.commit.marker.initialize-schema demands: "
							+ ex.getMessage(),
					"Let a migration create it, with a role that may do so, and set initialize-schema to 'never'.");
		}
		finally {
			if (!connection.isClosed()) {
				connection.rollback();
				connection.setAutoCommit(true);
			}
		}
	}

	private static boolean isComplete(Connection connection, CommitSettings settings) throws SQLException {
		String table = PostgresVerificationChooser.value(connection, """
				SELECT pg_catalog.format('%I.%I(uuid)', n.nspname, c.relname || '_set') FROM pg_catalog.pg_class c
				JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = pg_catalog.to_regclass(?)""",
				MarkerInspection.asked(settings));
		return table != null && PostgresVerificationChooser.value(connection,
				"SELECT pg_catalog.to_regprocedure(?)::text", table) != null;
	}

	/**
	 * The body of the function, to be formatted with the schema and the names of the
	 * function and the table.
	 */
	static String functionSource() {
		String text = text();
		String quote = "$function$";
		int start = text.indexOf(quote) + quote.length();
		return text.substring(start, text.indexOf(quote, start));
	}

	static String text() {
		try (InputStream script = MarkerDdl.class.getResourceAsStream(RESOURCE)) {
			if (script == null) {
				throw new IllegalStateException("Not on the class path: " + RESOURCE);
			}
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
