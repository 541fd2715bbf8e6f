package io.github.resilientdb.retry;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.SafeListeners;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * All listeners of attempts. What one throws is logged and changes nothing, except that
 * it may refuse a rerun.
 */
final class AttemptListeners implements AttemptListener {

	private final SafeListeners<AttemptListener> listeners;

	AttemptListeners(List<AttemptListener> listeners) {
		this.listeners = new SafeListeners<>(listeners);
	}

	@Override
	public void attemptStarting(String call, @Nullable Object[] arguments) {
		this.listeners.tell((listener) -> listener.attemptStarting(call, arguments));
	}

	@Override
	public void attemptCompleted(boolean connectionLost) {
		if (!this.listeners.isEmpty()) {
			this.listeners.tell((listener) -> listener.attemptCompleted(connectionLost));
		}
	}

	/**
	 * Tell all listeners that the attempt is discarded.
	 * @throws InvalidDataAccessApiUsageException if one of them refuses the rerun
	 */
	@Override
	public void attemptDiscarded() {
		List<InvalidDataAccessApiUsageException> refusals = new ArrayList<>(0);
		this.listeners.tell((listener) -> {
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

}
