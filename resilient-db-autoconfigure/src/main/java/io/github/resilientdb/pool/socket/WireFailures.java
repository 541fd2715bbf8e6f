package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;

import org.jspecify.annotations.Nullable;

/**
 * Turns the failures of a channel into those of a plain socket, which say why it was
 * closed if somebody did that on purpose.
 */
final class WireFailures {

	private volatile boolean expired;

	private volatile @Nullable String cut;

	/**
	 * The connection is closed because its deadline has passed.
	 */
	void expired() {
		this.expired = true;
	}

	boolean isExpired() {
		return this.expired;
	}

	/**
	 * The connection is closed by somebody who says why.
	 */
	void cut(String reason) {
		this.cut = reason;
	}

	@Nullable String cutReason() {
		return this.cut;
	}

	/**
	 * Return what a plain socket would have thrown.
	 */
	IOException translate(Exception ex) {
		if (ex instanceof ClosedChannelException || ex instanceof CancelledKeyException) {
			return closed();
		}
		if (ex instanceof SocketException || ex instanceof SocketTimeoutException
				|| ex instanceof UnknownHostException) {
			return (IOException) ex;
		}
		return (IOException) new SocketException(ex.getMessage()).initCause(ex);
	}

	private SocketException closed() {
		SocketException exception = new SocketException("Socket closed");
		if (this.expired) {
			exception.initCause(deadlineExceeded());
			return exception;
		}
		String cut = this.cut;
		if (cut != null) {
			exception.initCause(new SocketTimeoutException(cut));
		}
		return exception;
	}

	// only once: pgjdbc without a socketTimeout takes this exception for "try again"
	static SocketTimeoutException deadlineExceeded() {
		return new SocketTimeoutException("Deadline exceeded");
	}

}
