package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.net.Socket;

/**
 * What a proxy does with a client before it reads what the client sends.
 */
@FunctionalInterface
public interface ClientSide {

	/**
	 * Nothing: what the client sends is read as it comes.
	 */
	ClientSide PLAIN = (client) -> client;

	/**
	 * Negotiate with a client, encryption perhaps.
	 * @param client the client's connection
	 * @return what stands for it: its streams are in clear text
	 * @throws IOException if there is no agreement: the client is reset
	 */
	Socket accept(Socket client) throws IOException;

}
