package io.github.resilientdb.commit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How the transactions of one pool are to be committed and verified.
 *
 * @param verification which verification to use
 * @param timeout how long the outcome of a lost COMMIT may be looked for, {@code null}
 * for what is left of the call's deadline, and outside of such calls
 * {@link #DEFAULT_TIMEOUT}
 * @param fence whether a server process that still holds the lost transaction may be
 * terminated
 * @param markerTable the unqualified, unquoted name of the marker table, as the catalog
 * has it
 * @param markerSchema the schema of the marker table, as the catalog has it, or
 * {@code null} for the one the search path of a new connection finds
 * @param committedRetention how long the marker of a committed transaction is kept
 * @param tombstoneRetention how long the tombstone of a transaction that must not commit
 * any more is kept
 * @param createMarkerTable whether to create the marker table if it is missing and the
 * verification may use it
 */
public record CommitSettings(VerificationMode verification, @Nullable Duration timeout, boolean fence,
		String markerTable, @Nullable String markerSchema, Duration committedRetention, Duration tombstoneRetention,
		boolean createMarkerTable) {

	/**
	 * How long an outcome may be looked for if no timeout is set and the call has no
	 * deadline.
	 */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

	/**
	 * The name of the marker table, unless another one is set.
	 */
	public static final String DEFAULT_MARKER_TABLE = "resilientdb_commit_marker";

	private static final int LONGEST_IDENTIFIER = 63;

	public CommitSettings {
		Duration longest = (timeout != null) ? timeout : DEFAULT_TIMEOUT;
		check(longest.compareTo(Duration.ZERO) > 0 && longest.compareTo(Duration.ofHours(1)) <= 0,
				"Invalid timeout (%s): must be positive and at most one hour", timeout, null);
		int longestTable = LONGEST_IDENTIFIER - MarkerTable.FUNCTION_SUFFIX.length();
		check(isIdentifier(markerTable, longestTable),
				"Invalid markerTable (%s): must be an identifier of 1 to %d bytes", markerTable, longestTable);
		check(markerSchema == null || isIdentifier(markerSchema, LONGEST_IDENTIFIER),
				"Invalid markerSchema (%s): must be an identifier of 1 to %d bytes", markerSchema, LONGEST_IDENTIFIER);
		// A marker must outlive every question about it, even if clocks differ
		check(committedRetention.compareTo(Duration.ofNanos(4 * longest.toNanos())) >= 0,
				"Invalid committedRetention (%s): must be at least four times the timeout (%s)", committedRetention,
				timeout);
		check(tombstoneRetention.compareTo(committedRetention) >= 0,
				"Invalid tombstoneRetention (%s): must not be less than committedRetention (%s)", tombstoneRetention,
				committedRetention);
	}

	// A lambda per message would be a class each to load at start-up
	private static void check(boolean valid, String message, @Nullable Object value, @Nullable Object limit) {
		if (!valid) {
			throw new IllegalArgumentException(message.formatted(value, limit));
		}
	}

	/**
	 * The defaults, for a verification, a timeout and a fence.
	 * @param verification which verification to use
	 * @param timeout how long an outcome may be looked for
	 * @param fence whether server processes may be terminated
	 * @return the settings
	 */
	public static CommitSettings of(VerificationMode verification, @Nullable Duration timeout, boolean fence) {
		return new CommitSettings(verification, timeout, fence, DEFAULT_MARKER_TABLE, null, Duration.ofHours(1),
				Duration.ofHours(24), false);
	}

	private static boolean isIdentifier(String name, int longest) {
		int length = name.getBytes(StandardCharsets.UTF_8).length;
		return length > 0 && length <= longest && name.indexOf('\0') < 0;
	}

}
