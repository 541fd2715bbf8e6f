package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts the bytes that come from one side into messages. Messages that were looked at stay
 * in the buffer until they are forwarded or dropped together. Not thread-safe.
 */
final class MessageBuffer {

	private static final int INITIAL_SIZE = 32 * 1024;

	private static final int LENGTH_BYTES = 4;

	private final InputStream input;

	private byte[] data = new byte[INITIAL_SIZE];

	private int start;

	private int message;

	private int next;

	private int limit;

	private long arrival;

	MessageBuffer(InputStream input) {
		this.input = input;
	}

	/**
	 * Wait for more bytes.
	 * @return whether there are any; if not, the other side has ended
	 */
	boolean fill() throws IOException {
		makeRoom();
		int count = this.input.read(this.data, this.limit, this.data.length - this.limit);
		this.arrival = System.nanoTime();
		if (count < 0) {
			return false;
		}
		this.limit += count;
		return true;
	}

	private void makeRoom() {
		if (this.start > 0) {
			System.arraycopy(this.data, this.start, this.data, 0, this.limit - this.start);
			this.message -= this.start;
			this.next -= this.start;
			this.limit -= this.start;
			this.start = 0;
		}
		if (this.limit == this.data.length) {
			this.data = Arrays.copyOf(this.data, 2 * this.data.length);
		}
	}

	/**
	 * Go to the next message with a type.
	 * @return whether it is complete
	 */
	boolean nextTyped() throws IOException {
		return next(1);
	}

	/**
	 * Go to the next message without a type, as connections start with.
	 * @return whether it is complete
	 */
	boolean nextUntyped() throws IOException {
		return next(0);
	}

	private boolean next(int typeBytes) throws IOException {
		if (this.limit - this.next < typeBytes + LENGTH_BYTES) {
			return false;
		}
		int length = intAt(this.next + typeBytes);
		if (length < LENGTH_BYTES || length > Integer.MAX_VALUE / 4) {
			throw new IOException("Not the PostgreSQL protocol: message of length " + length);
		}
		return advance(typeBytes + length);
	}

	/**
	 * Go over some bytes that are no message.
	 * @return whether they are there
	 */
	boolean advance(int count) {
		if (this.limit - this.next < count) {
			return false;
		}
		this.message = this.next;
		this.next += count;
		return true;
	}

	/**
	 * Go over all bytes that are there.
	 */
	void advanceAll() {
		advance(this.limit - this.next);
	}

	/**
	 * Return the first byte behind the message, without going there.
	 * @return the byte, or -1 if it has not come yet
	 */
	int peek() {
		return ((this.next < this.limit) ? this.data[this.next] & 0xFF : -1);
	}

	byte type() {
		return this.data[this.message];
	}

	int intInMessage(int offset) {
		return intAt(this.message + offset);
	}

	byte byteInMessage(int offset) {
		return this.data[this.message + offset];
	}

	/**
	 * Return the n-th of the strings that begin at an offset in the message.
	 */
	String stringInMessage(int offset, int index) {
		int from = this.message + offset;
		for (int i = 0; i < index; i++) {
			from = terminator(from) + 1;
		}
		return new String(this.data, from, terminator(from) - from, StandardCharsets.UTF_8);
	}

	private int terminator(int from) {
		int position = from;
		while (position < this.next && this.data[position] != 0) {
			position++;
		}
		return position;
	}

	private int intAt(int position) {
		return (this.data[position] & 0xFF) << 24 | (this.data[position + 1] & 0xFF) << 16
				| (this.data[position + 2] & 0xFF) << 8 | this.data[position + 3] & 0xFF;
	}

	/**
	 * Forward what has been looked at, the current message included.
	 */
	void forward(Link link) {
		forward(link, this.next);
	}

	/**
	 * Forward what has been looked at, the current message excluded.
	 */
	void forwardEarlier(Link link) {
		forward(link, this.message);
	}

	private void forward(Link link, int end) {
		if (end > this.start) {
			link.send(this.data, this.start, end - this.start, this.arrival);
			this.start = end;
		}
	}

	/**
	 * Forward something else than what has been looked at.
	 */
	void replace(byte[] replacement, Link link) {
		drop();
		link.send(replacement, 0, replacement.length, this.arrival);
	}

	/**
	 * Forward the current message alone.
	 */
	void forwardMessage(Link link) {
		this.start = this.message;
		forward(link);
	}

	/**
	 * Forget what has been looked at.
	 */
	void drop() {
		this.start = this.next;
	}

}
