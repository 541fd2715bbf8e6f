package io.github.resilientdb.retry;

import java.util.List;
import java.util.function.Consumer;

import io.github.resilientdb.AttemptListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All listeners of attempts. What one throws is logged and changes nothing.
 */
final class AttemptListeners implements AttemptListener {

	private static final Logger logger = LoggerFactory.getLogger(AttemptListeners.class);

	private final AttemptListener[] listeners;

	AttemptListeners(List<AttemptListener> listeners) {
		this.listeners = listeners.toArray(AttemptListener[]::new);
	}

	@Override
	public void attemptStarting(String call) {
		tell((listener) -> listener.attemptStarting(call));
	}

	@Override
	public void attemptCompleted(boolean connectionLost) {
		if (this.listeners.length > 0) {
			tell((listener) -> listener.attemptCompleted(connectionLost));
		}
	}

	@Override
	public void attemptDiscarded() {
		tell(AttemptListener::attemptDiscarded);
	}

	private void tell(Consumer<AttemptListener> message) {
		for (AttemptListener listener : this.listeners) {
			try {
				message.accept(listener);
			}
			catch (Throwable ex) {
				logger.warn("{} failed, which changes nothing for the transaction", listener.getClass().getName(), ex);
			}
		}
	}

}
