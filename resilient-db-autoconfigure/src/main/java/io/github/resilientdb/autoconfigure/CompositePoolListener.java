package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.SafeListeners;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Many listeners as one. They are looked up at the first event, as pools are made before
 * most other beans can be had.
 */
final class CompositePoolListener implements ConnectionPoolListener {

	private final SingletonSupplier<SafeListeners<ConnectionPoolListener>> listeners;

	CompositePoolListener(Supplier<List<ConnectionPoolListener>> listeners) {
		this.listeners = SingletonSupplier.of(() -> new SafeListeners<>(listeners.get()));
	}

	@Override
	public void connectionOpened(String pool) {
		tell((listener) -> listener.connectionOpened(pool));
	}

	@Override
	public void connectionDiscarded(String pool, String reason) {
		tell((listener) -> listener.connectionDiscarded(pool, reason));
	}

	@Override
	public void disconnected(String pool, String reason, Phase phase, @Nullable String sqlState) {
		tell((listener) -> listener.disconnected(pool, reason, phase, sqlState));
	}

	@Override
	public void invalidated(String pool, String reason, int connections) {
		tell((listener) -> listener.invalidated(pool, reason, connections));
	}

	@Override
	public void pinged(String pool, boolean alive, Duration took) {
		tell((listener) -> listener.pinged(pool, alive, took));
	}

	@Override
	public void commitVerified(String pool, String outcome, Duration took) {
		tell((listener) -> listener.commitVerified(pool, outcome, took));
	}

	@Override
	public void outageBegan(String pool, String reason) {
		tell((listener) -> listener.outageBegan(pool, reason));
	}

	@Override
	public void outageEnded(String pool, Duration length) {
		tell((listener) -> listener.outageEnded(pool, length));
	}

	@Override
	public void outageAbandoned(String pool) {
		tell((listener) -> listener.outageAbandoned(pool));
	}

	private void tell(Consumer<ConnectionPoolListener> message) {
		this.listeners.obtain().tell(message);
	}

}
