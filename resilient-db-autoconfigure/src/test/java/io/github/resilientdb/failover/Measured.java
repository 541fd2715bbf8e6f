package io.github.resilientdb.failover;

import io.github.resilientdb.failover.Load.Result;
import org.jspecify.annotations.Nullable;

/**
 * What was measured in one trial; times in milliseconds.
 *
 * @param open when the way to another primary was open
 * @param found when it was found that a primary had fallen silent {@code null} for other
 * events
 * @param first how much later than both the first call succeeded at the new primary
 * @param all how much later still all clients had succeeded
 * @param longest how long the longest call took
 * @param lookUps how many lost COMMITs were looked up
 * @param result what became of the calls
 * @param plain what became of those that are not retried
 * @param byHand what became of those that are retried by hand
 * @param hanging how many clients hang
 */
record Measured(long open, @Nullable Long found, long first, long all, long longest, int lookUps, Result result,
		Result plain, Result byHand, long hanging) {

	boolean isClean() {
		return this.result.isClean() && this.hanging == 0;
	}

}
