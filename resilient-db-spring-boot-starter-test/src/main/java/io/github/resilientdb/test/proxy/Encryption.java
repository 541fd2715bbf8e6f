package io.github.resilientdb.test.proxy;

/**
 * Whether to speak TLS with a server, as the driver's {@code sslmode} says it.
 */
public enum Encryption {

	/**
	 * Never.
	 */
	NEVER,

	/**
	 * If the server offers it.
	 */
	IF_OFFERED,

	/**
	 * Always: without TLS there is no connection.
	 */
	REQUIRED

}
