package io.github.resilientdb;

import java.util.List;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listeners of one kind, whose failures do no harm: what one throws is logged, the others
 * still receive the message, and no exception of the application is replaced. Only a
 * {@link VirtualMachineError} is thrown on, unless it is a {@link StackOverflowError}.
 * <p>
 * Not meant to be used by applications.
 *
 * @param <L> the type of the listeners
 */
public final class SafeListeners<L> {

	private static final Logger logger = LoggerFactory.getLogger(SafeListeners.class);

	private final List<L> listeners;

	/**
	 * Create a composite.
	 * @param listeners the listeners, in the order in which they receive messages
	 */
	public SafeListeners(List<? extends L> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	/**
	 * Return whether there are no listeners.
	 * @return whether there is nobody to tell
	 */
	public boolean isEmpty() {
		return this.listeners.isEmpty();
	}

	/**
	 * Send a message to each listener.
	 * @param message the message
	 */
	public void tell(Consumer<? super L> message) {
		for (int i = 0; i < this.listeners.size(); i++) {
			tell(this.listeners.get(i), message);
		}
	}

	/**
	 * Send a message to one listener.
	 * @param <T> the type of the listener
	 * @param listener the listener
	 * @param message the message
	 */
	public static <T> void tell(T listener, Consumer<? super T> message) {
		try {
			message.accept(listener);
		}
		catch (Throwable ex) {
			passOver(listener, ex);
		}
	}

	/**
	 * Log what a listener threw.
	 * @param listener the listener
	 * @param failure what it threw; a {@link VirtualMachineError} is thrown on, unless it
	 * is a {@link StackOverflowError}
	 */
	public static void passOver(Object listener, Throwable failure) {
		if (failure instanceof VirtualMachineError error && !(failure instanceof StackOverflowError)) {
			throw error;
		}
		logger.warn("{} failed, which changes nothing for the transaction", listener.getClass().getName(), failure);
	}

}
