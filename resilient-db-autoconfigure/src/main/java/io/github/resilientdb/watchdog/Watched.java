package io.github.resilientdb.watchdog;

import java.sql.SQLException;

import io.github.resilientdb.watchdog.Servers.Reached;
import io.github.resilientdb.watchdog.Servers.Refused;
import io.github.resilientdb.watchdog.Servers.Silent;
import io.github.resilientdb.watchdog.Servers.Visit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that is looked into: what is known of it, and when to look again.
 */
final class Watched {

	private static final Logger logger = LoggerFactory.getLogger(Watched.class);

	final WaitingCall call;

	Inquiry inquiry = Inquiry.BEGUN;

	long due = System.nanoTime();

	Watched(WaitingCall call) {
		this.call = call;
	}

	/**
	 * Look at the server's side of the call.
	 * @param visit what came of asking its server
	 */
	Look look(Visit visit) {
		if (visit instanceof Reached reached) {
			try {
				return Look.of(this.call.look(reached.connection()));
			}
			catch (SQLException | RuntimeException ex) {
				logger.debug("A server process could not be looked at", ex);
				return Look.INCONCLUSIVE;
			}
		}
		if (visit instanceof Refused refused) {
			logger.debug("A server could not be asked about a call that waits", refused.reason());
			return Look.INCONCLUSIVE;
		}
		return (visit instanceof Silent) ? Look.SILENT : Look.INCONCLUSIVE;
	}

}
