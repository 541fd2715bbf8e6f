package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.time.Duration;

import io.github.resilientdb.commit.Deadline;
import io.github.resilientdb.commit.VerificationMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Whether the server may refuse the commit marker. Thread-safe.
 */
final class MarkerDoubt {

	private static final Duration LASTS = Duration.ofMinutes(1);

	private static final Logger logger = LoggerFactory.getLogger(MarkerDoubt.class);

	private final VerificationMode mode;

	private volatile @Nullable Deadline until;

	MarkerDoubt(VerificationMode mode) {
		this.mode = mode;
	}

	/**
	 * Whether the marker was refused not long ago, so that transactions are to survive if
	 * it is again.
	 */
	boolean isInForce() {
		Deadline until = this.until;
		return until != null && !until.isOver();
	}

	/**
	 * The marker was refused to one transaction, perhaps only because of the role that it
	 * had set. The others go on trying.
	 */
	void refused(SQLException refusal) {
		boolean known = isInForce();
		this.until = Deadline.after(LASTS);
		if (!known) {
			boolean demanded = this.mode == VerificationMode.MARKER;
			logger.atLevel(demanded ? Level.ERROR : Level.WARN)
				.addKeyValue("sqlState", refusal.getSQLState())
				.setCause(refusal)
				.log("The server refused the commit marker{}, and with it a transaction. For the next {} s, "
						+ "transactions for which it is refused are verified without it, if they can be; all others by it. "
						+ "Check which role is set, and what it may execute",
						demanded ? ", which resilientdb.commit.verification demands" : "", LASTS.toSeconds());
		}
	}

}
