package io.github.resilientdb.commit;

import java.sql.SQLException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is no longer needed from the marker table. To be run every minute or so in
 * every instance; only one of them works at a time.
 */
public final class MarkerCleanup implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(MarkerCleanup.class);

	private final CommitProtocol protocol;

	private volatile boolean failing;

	/**
	 * Create the task.
	 * @param protocol the protocol whose table to clean up
	 */
	public MarkerCleanup(CommitProtocol protocol) {
		this.protocol = protocol;
	}

	@Override
	public void run() {
		try {
			int removed = this.protocol.cleanUp();
			logger.debug("Removed {} rows from the commit marker table", removed);
			this.failing = false;
		}
		catch (SQLException | RuntimeException | Error ex) {
			// Whatever it is: thrown on, it would be the last run
			if (!this.failing) {
				logger.warn("The commit marker table could not be cleaned up; will try again", ex);
			}
			this.failing = true;
		}
	}

}
