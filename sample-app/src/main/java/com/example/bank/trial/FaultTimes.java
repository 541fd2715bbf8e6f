package com.example.bank.trial;

import java.time.Duration;

/**
 * How long things are broken.
 *
 * @param sessions how long sessions are ended again and again
 * @param down how long a server stays stopped
 * @param silence how long the network is silent
 */
public record FaultTimes(Duration sessions, Duration down, Duration silence) {

	/**
	 * Long enough to be watched.
	 */
	public static final FaultTimes DEFAULT = new FaultTimes(Duration.ofSeconds(5), Duration.ofSeconds(2),
			Duration.ofSeconds(10));

	/**
	 * Return at most these times.
	 * @param limit the longest time
	 * @return the shorter ones
	 */
	public FaultTimes atMost(Duration limit) {
		return new FaultTimes(min(this.sessions, limit), min(this.down, limit), min(this.silence, limit));
	}

	private static Duration min(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
