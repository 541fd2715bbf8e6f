package io.github.resilientdb.autoconfigure;

import java.time.Duration;

import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.context.annotation.Lazy;

/**
 * How the outcome of a lost COMMIT is found.
 *
 * @param verification How the outcome is found: "auto" is "marker" where its table
 * exists, else "xid" on PostgreSQL 10 or later, else "none".
 * @param scope Whose lost COMMITs are looked into.
 * @param timeout How long the outcome of a lost COMMIT may be looked for. By default,
 * what is left of the call's deadline, and 10 seconds outside of retryable calls.
 * @param fence Whether a backend still holding the lost transaction may be terminated.
 * @param marker The marker table.
 */
@Lazy
@ConfigurationProperties("resilientdb.commit")
record CommitProperties(@DefaultValue("auto") VerificationMode verification, @DefaultValue("retryable") Scope scope,
		@Nullable Duration timeout, @DefaultValue("true") boolean fence, @DefaultValue Marker marker) {

	// As annotated
	static final CommitProperties DEFAULTS = new CommitProperties(VerificationMode.AUTO, Scope.RETRYABLE, null, true,
			new Marker(CommitSettings.DEFAULT_MARKER_TABLE, null, DatabaseInitializationMode.NEVER));

	CommitSettings settings() {
		CommitSettings defaults = CommitSettings.of(this.verification, this.timeout, this.fence);
		return new CommitSettings(this.verification, this.timeout, this.fence, this.marker.table(),
				this.marker.schema(), defaults.committedRetention(), defaults.tombstoneRetention(),
				this.marker.initializeSchema() == DatabaseInitializationMode.ALWAYS);
	}

	/**
	 * Whose lost COMMITs are looked into.
	 */
	enum Scope {

		/**
		 * Those of retryable calls; other transactions pay nothing.
		 */
		RETRYABLE,

		/**
		 * Those of all transactions.
		 */
		ALL

	}

	/**
	 * The marker table.
	 *
	 * @param table Name of the table, as the catalog has it.
	 * @param schema Schema of the table, as the catalog has it. By default, where the
	 * search path of a new connection finds it, before HikariCP sets a schema or runs its
	 * connection-init-sql.
	 * @param initializeSchema Whether the table is created at start-up, after the
	 * migrations. PostgreSQL is never an embedded database.
	 */
	record Marker(@DefaultValue(CommitSettings.DEFAULT_MARKER_TABLE) String table, @Nullable String schema,
			@DefaultValue("never") DatabaseInitializationMode initializeSchema) {

	}

}
