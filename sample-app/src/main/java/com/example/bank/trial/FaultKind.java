package com.example.bank.trial;

import java.util.Locale;

/**
 * What can be broken.
 */
public enum FaultKind {

	/**
	 * The server ends all sessions of this sample, twice a second for some seconds.
	 */
	SESSIONS("End all sessions", "all sessions ended"),

	/**
	 * The server is stopped in order, and started again.
	 */
	RESTART("Restart the server", "server restarting"),

	/**
	 * The server is stopped at once, and recovers when it is started again.
	 */
	CRASH("Crash the server", "server crashed"),

	/**
	 * Nothing that is sent arrives, and nothing tells so.
	 */
	SILENCE("Silence the network", "network silent"),

	/**
	 * The requests of the next COMMITs are lost.
	 */
	COMMIT_REQUEST("Lose the next COMMITs", "COMMITs lost"),

	/**
	 * The replies to the next COMMITs are lost.
	 */
	COMMIT_REPLY("Lose replies to COMMIT", "replies to COMMIT lost");

	private final String label;

	private final String effect;

	FaultKind(String label, String effect) {
		this.label = label;
		this.effect = effect;
	}

	/**
	 * Return what to write on a button.
	 * @return an imperative
	 */
	public String label() {
		return this.label;
	}

	/**
	 * Return what it is while it lasts.
	 * @return a state
	 */
	public String effect() {
		return this.effect;
	}

	/**
	 * Return the name as it is written in addresses.
	 * @return the name in lower case
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
