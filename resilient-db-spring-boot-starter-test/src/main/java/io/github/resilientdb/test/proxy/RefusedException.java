package io.github.resilientdb.test.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * There is no connection to a server for a reason that stays. A client is told so as a
 * server tells it, so that it does not try again and again.
 */
final class RefusedException extends IOException {

	private static final long serialVersionUID = 1L;

	/**
	 * What the driver throws itself if a server does not support TLS.
	 */
	private static final String CONNECTION_REJECTED = "08004";

	private static final int PATIENCE_MILLIS = 5000;

	RefusedException(String reason) {
		super(reason);
	}

	/**
	 * Tell a client, and close its connection.
	 */
	void tell(Socket client) throws IOException {
		client.setSoTimeout(PATIENCE_MILLIS);
		MessageBuffer messages = new MessageBuffer(client.getInputStream());
		OutputStream output = client.getOutputStream();
		while (startsWithARequestForEncryption(messages)) {
			output.write('N');
		}
		output.write(error());
		client.shutdownOutput();
		while (messages.fill()) {
			messages.advanceAll(); // closing with something unread would be a reset
			messages.drop();
		}
		client.close();
	}

	private static boolean startsWithARequestForEncryption(MessageBuffer messages) throws IOException {
		while (!messages.nextUntyped()) {
			if (!messages.fill()) {
				throw new IOException("The client has gone");
			}
		}
		return FrontendReader.isRequestForEncryption(messages.intInMessage(Integer.BYTES));
	}

	private byte[] error() {
		ByteArrayOutputStream fields = new ByteArrayOutputStream();
		for (String field : new String[] { "SFATAL", "VFATAL", "C" + CONNECTION_REJECTED, "M" + getMessage(), "" }) {
			fields.writeBytes(field.getBytes(StandardCharsets.UTF_8));
			fields.write(0);
		}
		return ByteBuffer.allocate(fields.size() + 5)
			.put((byte) 'E')
			.putInt(fields.size() + 4)
			.put(fields.toByteArray())
			.array();
	}

}
