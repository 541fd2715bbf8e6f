package io.github.resilientdb.commit.postgresql;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Makes unique ids that begin with the time (UUID version 7), so that new rows go to the
 * end of the index and old ones are found at its beginning. Not thread-safe.
 */
final class TimeOrderedIds {

	private static final SecureRandom SEEDS = new SecureRandom();

	private final SplittableRandom random = new SplittableRandom(SEEDS.nextLong());

	UUID next() {
		return id(System.currentTimeMillis(), this.random.nextInt(), this.random.nextLong());
	}

	/**
	 * Returns an id that is not greater than any made later.
	 */
	static UUID lowest(long epochMillis) {
		return id(epochMillis, 0, 0);
	}

	private static UUID id(long epochMillis, int randomA, long randomB) {
		long high = (epochMillis << 16) | 0x7000L | (randomA & 0x0FFF);
		long low = (randomB & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
		return new UUID(high, low);
	}

}
