package io.github.resilientdb.test.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * A socket without a network: the other side says what the test has written down, one
 * packet per read, then ends. What it is told is kept.
 */
class FakeSocket extends Socket {

	private final Queue<byte[]> packets = new ArrayDeque<>();

	private final ByteArrayOutputStream told = new ByteArrayOutputStream();

	private boolean failing;

	private boolean reset;

	/**
	 * Let the other side send packets.
	 */
	void says(byte[]... packets) {
		this.packets.addAll(List.of(packets));
	}

	/**
	 * Let the other side reset the connection when it has sent its packets.
	 */
	void fails() {
		this.failing = true;
	}

	byte[] told() {
		return this.told.toByteArray();
	}

	boolean isReset() {
		return this.reset;
	}

	@Override
	public InputStream getInputStream() {
		return new InputStream() {

			@Override
			public int read() {
				throw new UnsupportedOperationException();
			}

			@Override
			public int read(byte[] target, int offset, int length) throws IOException {
				byte[] packet = FakeSocket.this.packets.poll();
				if (packet != null) {
					System.arraycopy(packet, 0, target, offset, packet.length);
					return packet.length;
				}
				if (FakeSocket.this.failing) {
					throw new IOException("Connection reset");
				}
				return -1;
			}

		};
	}

	@Override
	public OutputStream getOutputStream() {
		return this.told;
	}

	@Override
	public void setSoLinger(boolean on, int linger) {
		this.reset = on && linger == 0;
	}

}
