package com.example.bank.network;

/**
 * What the network loses of a COMMIT. Either way the client sees that its connection has
 * ended, and nothing else.
 */
public enum CommitLoss {

	/**
	 * The request: nothing is committed.
	 */
	REQUEST,

	/**
	 * The reply: everything is committed.
	 */
	REPLY

}
