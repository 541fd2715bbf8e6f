package io.github.resilientdb.test.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Messages of PostgreSQL's protocol, as clients and servers send them.
 */
final class Messages {

	private static final int SSL_REQUEST = 80877103;

	private static final int CANCEL_REQUEST = 80877102;

	private static final int PROTOCOL_3 = 196608;

	private Messages() {
	}

	/**
	 * Return a message whose body consists of strings.
	 */
	static byte[] message(char type, String... strings) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (String string : strings) {
			body.writeBytes(string.getBytes(StandardCharsets.UTF_8));
			body.write(0);
		}
		return ByteBuffer.allocate(body.size() + 5)
			.put((byte) type)
			.putInt(body.size() + 4)
			.put(body.toByteArray())
			.array();
	}

	static byte[] query(String sql) {
		return message('Q', sql);
	}

	/**
	 * Return what executes a statement that was prepared before.
	 */
	static byte[] executePrepared(String name) {
		return join(message('B', "", name, "\0\0\0\0\0"), message('E', "", "\0\0\0"), message('S'));
	}

	static byte[] prepare(String name, String sql) {
		return message('P', name, sql, "\0");
	}

	static byte[] startUp() {
		return ByteBuffer.allocate(8).putInt(8).putInt(PROTOCOL_3).array();
	}

	static byte[] sslRequest() {
		return ByteBuffer.allocate(8).putInt(8).putInt(SSL_REQUEST).array();
	}

	static byte[] cancelRequest() {
		return ByteBuffer.allocate(16).putInt(16).putInt(CANCEL_REQUEST).putInt(1).putInt(2).array();
	}

	static byte[] complete(String tag) {
		return message('C', tag);
	}

	static byte[] ready() {
		return message('Z', "I");
	}

	static byte[] error(String sqlState) {
		return message('E', "SERROR", "C" + sqlState, "");
	}

	static byte[] join(byte[]... parts) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

}
