package io.github.resilientdb.commit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How the transactions of one pool are to be committed and verified.
 *
 * @param verification which verification to use
 * @param timeout how long the outcome of a lost COMMIT may be looked for
 * @param fence whether a server process that still holds the lost transaction may be
 * terminated
 * @param markerTable the unqualified, unquoted name of the marker table, as the catalog
 * has it
 * @param markerSchema the schema of the marker table, as the catalog has it, or
 * {@code null} for the one the search path of a new connection finds
 * @param committedRetention how long the marker of a committed transaction is kept
 * @param tombstoneRetention how long it is remembered that a transaction must not commit
 * any more
 */
public record CommitSettings(VerificationMode verification, Duration timeout, boolean fence, String markerTable,
		@Nullable String markerSchema, Duration committedRetention, Duration tombstoneRetention) {

	/**
	 * The name of the marker table, unless another one is set.
	 */
	public static final String DEFAULT_MARKER_TABLE = "resilientdb_commit_marker";

	private static final int LONGEST_IDENTIFIER = 63;

	public CommitSettings {
		Assert.isTrue(timeout.compareTo(Duration.ZERO) > 0 && timeout.compareTo(Duration.ofHours(1)) <= 0,
				() -> "Invalid timeout (%s): must be positive and at most one hour".formatted(timeout));
		Assert.isTrue(isIdentifier(markerTable, LONGEST_IDENTIFIER - MarkerTable.FUNCTION_SUFFIX.length()),
				() -> "Invalid markerTable (%s): must be an identifier of 1 to %d bytes".formatted(markerTable,
						LONGEST_IDENTIFIER - MarkerTable.FUNCTION_SUFFIX.length()));
		Assert.isTrue(markerSchema == null || isIdentifier(markerSchema, LONGEST_IDENTIFIER),
				() -> "Invalid markerSchema (%s): must be an identifier of 1 to %d bytes".formatted(markerSchema,
						LONGEST_IDENTIFIER));
		// A marker must outlive every question about it, with room for clocks that
		// differ.
		Assert.isTrue(committedRetention.compareTo(timeout.multipliedBy(4)) >= 0,
				() -> "Invalid committedRetention (%s): must be at least four times the timeout (%s)"
					.formatted(committedRetention, timeout));
		Assert.isTrue(tombstoneRetention.compareTo(committedRetention) >= 0,
				() -> "Invalid tombstoneRetention (%s): must not be less than committedRetention (%s)"
					.formatted(tombstoneRetention, committedRetention));
	}

	/**
	 * The defaults, for a verification, a timeout and a fence.
	 * @param verification which verification to use
	 * @param timeout how long an outcome may be looked for
	 * @param fence whether server processes may be terminated
	 * @return the settings
	 */
	public static CommitSettings of(VerificationMode verification, Duration timeout, boolean fence) {
		return new CommitSettings(verification, timeout, fence, DEFAULT_MARKER_TABLE, null, Duration.ofHours(1),
				Duration.ofHours(24));
	}

	private static boolean isIdentifier(String name, int longest) {
		int length = name.getBytes(StandardCharsets.UTF_8).length;
		return length > 0 && length <= longest && name.indexOf('\0') < 0;
	}

}
