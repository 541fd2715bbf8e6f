package io.github.resilientdb.pool.socket;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Reads from a {@link Wire}; closing it closes its owner, the socket.
 */
final class WireInputStream extends InputStream {

	private final Wire wire;

	private final Closeable owner;

	WireInputStream(Wire wire, Closeable owner) {
		this.wire = wire;
		this.owner = owner;
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) > 0) ? Byte.toUnsignedInt(single[0]) : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		return (length > 0) ? this.wire.read(bytes, offset, length) : 0;
	}

	@Override
	public int available() throws IOException {
		return this.wire.available();
	}

	@Override
	public void close() throws IOException {
		this.owner.close();
	}

}
