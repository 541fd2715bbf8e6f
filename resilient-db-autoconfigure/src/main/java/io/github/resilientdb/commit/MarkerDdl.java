package io.github.resilientdb.commit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The script that creates the marker table.
 */
final class MarkerDdl {

	static final String RESOURCE = "postgresql/resilientdb-commit-marker.sql";

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
