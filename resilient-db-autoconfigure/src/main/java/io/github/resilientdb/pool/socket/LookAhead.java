package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Reads from a non-blocking channel, and can look whether there is something to read: by
 * reading one byte ahead, which costs less than asking a selector, and needs none.
 */
final class LookAhead {

	private final SocketChannel channel;

	private final ReentrantLock lock = new ReentrantLock();

	private State state = State.NOTHING;

	private byte next;

	private @Nullable IOException failure;

	LookAhead(SocketChannel channel) {
		this.channel = channel;
	}

	/**
	 * Look whether there are bytes, the end of the stream, or an error.
	 * @return {@code false} if the peer is silent, or another thread is reading
	 */
	boolean look() {
		if (!this.lock.tryLock()) {
			return false;
		}
		try {
			if (this.state == State.NOTHING && (this.channel.isConnected() || !this.channel.isOpen())) {
				this.state = peek();
			}
			return this.state != State.NOTHING;
		}
		finally {
			this.lock.unlock();
		}
	}

	private State peek() {
		ByteBuffer single = ByteBuffer.allocate(1);
		try {
			int count = this.channel.read(single);
			this.next = single.get(0);
			return (count == 0) ? State.NOTHING : (count > 0) ? State.BYTE : State.END;
		}
		catch (IOException ex) {
			this.failure = ex;
			return State.FAILURE;
		}
	}

	/**
	 * Return whether the last look found something that was not read since.
	 */
	boolean isReady() {
		this.lock.lock();
		try {
			return this.state != State.NOTHING;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Read what there is.
	 * @param buffer with room for a byte at least
	 * @return how many bytes, 0 if there are none yet, -1 at the end of the stream
	 */
	int read(ByteBuffer buffer) throws IOException {
		this.lock.lock();
		try {
			State state = this.state;
			if (state == State.NOTHING) {
				return this.channel.read(buffer);
			}
			if (state == State.BYTE) {
				buffer.put(this.next);
				this.state = State.NOTHING;
				return 1 + readMore(buffer);
			}
			if (state == State.FAILURE && this.failure != null && this.channel.isOpen()) {
				throw this.failure;
			}
			return this.channel.read(buffer);
		}
		finally {
			this.lock.unlock();
		}
	}

	private int readMore(ByteBuffer buffer) {
		try {
			return buffer.hasRemaining() ? Math.max(0, this.channel.read(buffer)) : 0;
		}
		catch (IOException ex) {
			this.failure = ex;
			this.state = State.FAILURE; // for the next read
			return 0;
		}
	}

	int available() throws IOException {
		this.lock.lock();
		try {
			int further = this.channel.socket().getInputStream().available();
			return (this.state == State.BYTE) ? further + 1 : further;
		}
		finally {
			this.lock.unlock();
		}
	}

	private enum State {

		NOTHING, BYTE, END, FAILURE

	}

}
