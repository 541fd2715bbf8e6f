package com.example.bank.trial;

import org.springframework.util.Assert;

/**
 * How much each bank has to do.
 *
 * @param threads how many clients it has
 * @param rate how many calls these make in a second, at most, taken together
 */
public record Load(int threads, int rate) {

	/**
	 * The most clients that a bank can have.
	 */
	public static final int MAX_THREADS = 16;

	/**
	 * The most calls a second.
	 */
	public static final int MAX_RATE = 200;

	public Load {
		Assert.isTrue(threads >= 1 && threads <= MAX_THREADS,
				() -> "Invalid threads (" + threads + "): must be from 1 to " + MAX_THREADS);
		Assert.isTrue(rate >= 1 && rate <= MAX_RATE,
				() -> "Invalid rate (" + rate + "): must be from 1 to " + MAX_RATE);
	}

}
