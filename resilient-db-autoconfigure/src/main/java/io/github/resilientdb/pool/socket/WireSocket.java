package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.function.LongSupplier;

/**
 * A client socket that can be asked whether its peer has sent something or is gone, and
 * that keeps deadlines exactly.
 * <p>
 * To the driver it is a plain socket, except that interrupts change nothing, on virtual
 * threads too.
 */
public final class WireSocket extends Socket {

	private final Wire wire;

	public WireSocket() throws IOException {
		this(new Wire());
	}

	private WireSocket(Wire wire) throws SocketException {
		super(new WireTransport(wire));
		this.wire = wire;
	}

	/**
	 * Look, without a round trip, whether there is anything to read: bytes, the end of
	 * the stream or an error. To be called by whoever owns the idle connection.
	 * @return {@code false} if the peer has been silent, as a healthy idle server is
	 */
	public boolean isReadable() {
		return this.wire.isReadable();
	}

	/**
	 * Return whether something was sent that was not answered completely: nothing was
	 * read since, or there is more to read. To be called by whoever owns the connection,
	 * between two calls of the driver.
	 * @return whether the driver gave up on an answer
	 */
	public boolean isRequestPending() {
		return this.wire.traffic().isAnswerPending();
	}

	public boolean isAnswerPending() {
		return this.wire.traffic().isAnswerPending() || this.wire.isReadable();
	}

	/**
	 * Return when the last answer came that was followed by another request.
	 * @return the time, as a value of {@link System#nanoTime()}
	 */
	public long lastAnswerAt() {
		return this.wire.traffic().lastAnswerAt();
	}

	/**
	 * Let every wait on this socket, the current one included, end at the given time: the
	 * socket is closed then, and the waiting call fails with
	 * {@link java.net.SocketTimeoutException}. Closing at once matters for TLS, whose
	 * polite close would read again.
	 * @param nanoTime the deadline, in terms of {@link System#nanoTime()}
	 */
	public void deadline(long nanoTime) {
		this.wire.deadline(nanoTime, null);
	}

	/**
	 * As {@link #deadline(long)}, but ask before giving up.
	 * @param nanoTime the deadline, in terms of {@link System#nanoTime()}
	 * @param extension asked, on the waiting thread, when the deadline has passed;
	 * returns the new deadline, or a time that has passed to give up
	 */
	public void deadline(long nanoTime, LongSupplier extension) {
		this.wire.deadline(nanoTime, extension);
	}

	/**
	 * Return when the peer was last heard from, while a deadline that may be extended is
	 * set.
	 * @return the time, in terms of {@link System#nanoTime()}
	 */
	long heardAt() {
		return this.wire.heardAt();
	}

	/**
	 * Return when the last byte was read, in terms of {@link System#nanoTime()}.
	 */
	public long lastReadAt() {
		return this.wire.traffic().lastReadAt();
	}

	/**
	 * Return whether a byte has ever been read.
	 */
	public boolean hasReceived() {
		return this.wire.traffic().hasReceived();
	}

	/**
	 * Have waits noticed that take long; to be called before others use the socket.
	 * @param vigil who notices them
	 */
	public void watch(Vigil vigil) {
		this.wire.traffic().watch(vigil);
	}

	/**
	 * As {@link #closeNow()}, but say why.
	 * @param reason what the failure of a thread that waits says
	 */
	public void cut(String reason) {
		try {
			this.wire.cut(reason);
		}
		catch (IOException ex) {
			// the descriptor is gone all the same
		}
	}

	/**
	 * Tell a failure of the driver, which only found the socket closed, why it is.
	 * @param failure the failure
	 */
	public void explain(SQLException failure) {
		String reason = this.wire.cutReason();
		if (reason != null && failure.getCause() == null) {
			failure.initCause(new SocketTimeoutException(reason));
		}
	}

	public void clearDeadline() {
		this.wire.deadline(WireDeadline.NEVER, null);
	}

	/**
	 * Close the connection from any thread, without a farewell and without waiting; a
	 * thread that reads or writes fails with {@link SocketException}.
	 */
	public void closeNow() {
		try {
			this.wire.close();
		}
		catch (IOException ex) {
			// the descriptor is gone all the same
		}
	}

	@Override
	public boolean isClosed() {
		return this.wire.isClosed() || super.isClosed();
	}

	@Override
	public void close() throws IOException {
		try {
			super.close();
		}
		finally {
			this.wire.close(); // also if it was never used, which the JDK skips
		}
	}

	// not the JDK's wrapper, which closes the socket if a virtual thread is interrupted

	@Override
	public InputStream getInputStream() throws IOException {
		super.getInputStream();
		return new WireInputStream(this.wire, this);
	}

	@Override
	public OutputStream getOutputStream() throws IOException {
		super.getOutputStream();
		return new WireOutputStream(this.wire, this);
	}

}
