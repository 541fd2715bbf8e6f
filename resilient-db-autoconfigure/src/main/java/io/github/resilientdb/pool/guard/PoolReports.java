package io.github.resilientdb.pool.guard;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.SafeListeners;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what happens to the connections of a pool, and tells its listeners.
 */
final class PoolReports {

	private static final Logger logger = LoggerFactory.getLogger(PoolReports.class);

	private final Supplier<String> name;

	private final ConnectionPoolListener listener;

	PoolReports(Supplier<String> name, ConnectionPoolListener listener) {
		this.name = name;
		this.listener = listener;
	}

	String name() {
		return this.name.get();
	}

	void opened(GuardedConnection connection) {
		logger.atDebug().addKeyValue("pool", name()).log("Opened {}", connection);
		tell((listener) -> listener.connectionOpened(name()));
	}

	void discarded(GuardedConnection connection, String reason) {
		logger.atDebug()
			.addKeyValue("pool", name())
			.addKeyValue("reason", reason)
			.log("Discarded {}: {}", connection, reason);
		tell((listener) -> listener.connectionDiscarded(name(), reason));
	}

	void lost(Throwable failure, FailureVerdict verdict, Phase phase) {
		String state = (failure instanceof SQLException ex) ? ex.getSQLState() : null;
		tell((listener) -> listener.disconnected(name(), verdict.reason(), phase, state));
	}

	/**
	 * Log a loss that says nothing of other connections.
	 */
	void lostAlone(FailureVerdict verdict, Phase phase) {
		logger.atDebug()
			.addKeyValue("pool", name())
			.addKeyValue("reason", verdict.reason())
			.addKeyValue("phase", phase)
			.log("Connection lost");
	}

	void discardingAll(String reason, int connections) {
		logger.atInfo()
			.addKeyValue("pool", name())
			.addKeyValue("reason", reason)
			.addKeyValue("connections", connections)
			.log("Discarding all connections of pool {}: {}", name(), reason);
		invalidated(reason, connections);
	}

	void invalidated(String reason, int connections) {
		tell((listener) -> listener.invalidated(name(), reason, connections));
	}

	void pinged(GuardedConnection connection, boolean alive, long nanos) {
		logger.atDebug()
			.addKeyValue("pool", name())
			.log("Asked {}, which {} within {} µs", connection, alive ? "answered" : "did not answer",
					TimeUnit.NANOSECONDS.toMicros(nanos));
		tell((listener) -> listener.pinged(name(), alive, Duration.ofNanos(nanos)));
	}

	void verified(String outcome, long nanos) {
		tell((listener) -> listener.commitVerified(name(), outcome, Duration.ofNanos(nanos)));
	}

	private void tell(Consumer<ConnectionPoolListener> message) {
		SafeListeners.tell(this.listener, message);
	}

}
