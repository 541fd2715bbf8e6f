package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Waits until a non-blocking channel is ready to be read, or to be written, without being
 * disturbed by interrupts. One thread at a time waits, as with plain sockets.
 * <p>
 * A selector returns at once while the interrupt flag is set, and a blocking channel is
 * even closed. So the flag is put aside while waiting and is set again afterwards: as
 * with plain sockets, an interrupt neither ends nor breaks the operation.
 */
final class Readiness {

	static final long UNLIMITED = Long.MAX_VALUE;

	private final SocketChannel channel;

	private final WaitingPlaces places;

	private final ReentrantLock lock = new ReentrantLock();

	// where the last wait was
	private @Nullable WaitingPlace latest;

	private volatile @Nullable WaitingPlace current;

	Readiness(SocketChannel channel, WaitingPlaces places) {
		this.channel = channel;
		this.places = places;
	}

	/**
	 * Announce a wait: from here on {@link #wakeUp()} is noticed.
	 */
	void enter() throws IOException {
		this.lock.lock();
		try {
			WaitingPlace place = this.places.enter(this.channel, this.latest);
			this.latest = place;
			this.current = place;
		}
		finally {
			if (this.current == null) {
				this.lock.unlock();
			}
		}
	}

	/**
	 * Wait for readiness; may return earlier, so look again in a loop.
	 * @param operations what for, in the bits of {@link java.nio.channels.SelectionKey}
	 * @param nanos how long to wait at most, or {@link #UNLIMITED}
	 */
	void await(int operations, long nanos) throws IOException {
		WaitingPlace place = this.current;
		if (place != null) {
			place.await(this.channel, operations, nanos);
		}
	}

	void leave() throws IOException {
		WaitingPlace place = this.current;
		this.current = null;
		try {
			if (place != null) {
				this.places.leave(place, this.channel);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	void wakeUp() {
		WaitingPlace place = this.current;
		if (place != null) {
			place.wakeUp();
		}
	}

}
