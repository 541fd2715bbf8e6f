package io.github.resilientdb.commit;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Makes unique ids that begin with the time (UUID version 7), so that new rows go to the
 * end of the index and old ones are found at its beginning. Not thread-safe.
 */
public final class TimeOrderedIds {

	// seeded with the first id, since connections that commit without markers need none
	private @Nullable SplittableRandom random;

	/**
	 * Make an id.
	 */
	public UUID next() {
		SplittableRandom random = this.random;
		if (random == null) {
			random = new SplittableRandom(Seeds.RANDOM.nextLong());
			this.random = random;
		}
		return id(System.currentTimeMillis(), random.nextInt(), random.nextLong());
	}

	/**
	 * Return an id that is not greater than any made later.
	 */
	public static UUID lowest(long epochMillis) {
		return id(epochMillis, 0, 0);
	}

	private static UUID id(long epochMillis, int randomA, long randomB) {
		long high = (epochMillis << 16) | 0x7000L | (randomA & 0x0FFF);
		long low = (randomB & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
		return new UUID(high, low);
	}

	private static final class Seeds {

		static final SecureRandom RANDOM = new SecureRandom();

	}

}
