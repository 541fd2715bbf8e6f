package io.github.resilientdb.retry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.resilientdb.AttemptListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * All listeners of attempts. What one throws is logged and changes nothing, but for the
 * refusal of a rerun.
 */
final class AttemptListeners implements AttemptListener {

	private static final Logger logger = LoggerFactory.getLogger(AttemptListeners.class);

	private final AttemptListener[] listeners;

	AttemptListeners(List<AttemptListener> listeners) {
		this.listeners = listeners.toArray(AttemptListener[]::new);
	}

	@Override
	public void attemptStarting(String call, @Nullable Object[] arguments) {
		tell((listener) -> listener.attemptStarting(call, arguments));
	}

	@Override
	public void attemptCompleted(boolean connectionLost) {
		if (this.listeners.length > 0) {
			tell((listener) -> listener.attemptCompleted(connectionLost));
		}
	}

	/**
	 * Tell all listeners that the attempt is discarded.
	 * @throws InvalidDataAccessApiUsageException if one of them refuses the rerun
	 */
	@Override
	public void attemptDiscarded() {
		List<InvalidDataAccessApiUsageException> refusals = new ArrayList<>(0);
		tell((listener) -> {
			try {
				listener.attemptDiscarded();
			}
			catch (InvalidDataAccessApiUsageException ex) {
				refusals.add(ex);
			}
		});
		if (!refusals.isEmpty()) {
			throw refusals.get(0);
		}
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
