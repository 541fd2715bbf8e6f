package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * The few selectors on which all wires wait: so many threads wait on one of their own, at
 * no more cost than with a selector per connection; what is beyond shares one, at the
 * cost of a change of threads. There are none as long as there are no wires.
 */
final class WaitingPlaces {

	static final int SELECTORS = 8;

	static final WaitingPlaces SHARED = new WaitingPlaces();

	private final AtomicReferenceArray<@Nullable SharedSelector> selectors = new AtomicReferenceArray<>(SELECTORS);

	private final CommonPoller poller = new CommonPoller();

	private final AtomicInteger wires = new AtomicInteger();

	void opened() {
		this.wires.incrementAndGet();
	}

	/**
	 * Take a place.
	 * @param channel what is going to be waited for
	 * @param preferred where the thread waited for it before
	 * @return the place, to be left
	 */
	WaitingPlace enter(SocketChannel channel, @Nullable WaitingPlace preferred) throws IOException {
		if (preferred instanceof SharedSelector selector && selector.take()) {
			return selector;
		}
		for (int i = 0; i < SELECTORS; i++) {
			SharedSelector selector = this.selectors.get(i);
			if (selector != null && selector.take()) {
				return selector;
			}
		}
		SharedSelector selector = open(channel);
		return (selector != null) ? selector : this.poller.visit();
	}

	private synchronized @Nullable SharedSelector open(SocketChannel channel) throws IOException {
		for (int i = 0; i < SELECTORS; i++) {
			if (this.selectors.get(i) == null) {
				SharedSelector selector = new SharedSelector(channel);
				this.selectors.set(i, selector);
				return selector;
			}
		}
		return null;
	}

	void leave(WaitingPlace place, SocketChannel channel) throws IOException {
		place.leave(channel);
		if (this.wires.get() == 0) {
			closeAll();
		}
	}

	/**
	 * Close a channel, and see to it that no selector keeps its descriptor.
	 */
	void close(SocketChannel channel) throws IOException {
		List<SharedSelector> concerned = new ArrayList<>(1);
		for (int i = 0; i < SELECTORS; i++) {
			SharedSelector selector = this.selectors.get(i);
			if (selector != null && selector.knows(channel)) {
				concerned.add(selector);
			}
		}
		try {
			channel.close();
		}
		finally {
			this.poller.nudge();
			for (SharedSelector selector : concerned) {
				selector.forgetClosed();
			}
			if (this.wires.decrementAndGet() == 0) {
				closeAll();
			}
		}
	}

	private synchronized void closeAll() throws IOException {
		for (int i = 0; i < SELECTORS && this.wires.get() == 0; i++) {
			SharedSelector selector = this.selectors.get(i);
			if (selector != null && selector.closeIfFree()) {
				this.selectors.set(i, null);
			}
		}
	}

}
