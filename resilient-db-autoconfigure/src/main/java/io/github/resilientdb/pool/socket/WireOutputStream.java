package io.github.resilientdb.pool.socket;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Writes to a {@link Wire}; closing it closes its owner, the socket.
 */
final class WireOutputStream extends OutputStream {

	private final Wire wire;

	private final Closeable owner;

	WireOutputStream(Wire wire, Closeable owner) {
		this.wire = wire;
		this.owner = owner;
	}

	@Override
	public void write(int value) throws IOException {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		this.wire.write(bytes, offset, length);
	}

	@Override
	public void close() throws IOException {
		this.owner.close();
	}

}
