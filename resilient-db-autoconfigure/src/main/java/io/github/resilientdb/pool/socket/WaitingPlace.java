package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * Where a thread waits for a channel, undisturbed by interrupts.
 */
interface WaitingPlace {

	/**
	 * Wait until the channel is ready; may return earlier, so look again in a loop.
	 * @param channel the channel, in non-blocking mode
	 * @param operations what for, in the bits of {@link java.nio.channels.SelectionKey}
	 * @param nanos how long at most, or {@link Readiness#UNLIMITED}
	 */
	void await(SocketChannel channel, int operations, long nanos) throws IOException;

	/**
	 * End the wait, or the next one if there is none yet; from any thread.
	 */
	void wakeUp();

	/**
	 * Make room for others.
	 */
	void leave(SocketChannel channel) throws IOException;

}
