package io.github.resilientdb.watchdog;

import java.util.concurrent.TimeUnit;

import io.github.resilientdb.watchdog.Step.Cut;
import io.github.resilientdb.watchdog.Step.LookAgain;
import io.github.resilientdb.watchdog.Step.Reason;

/**
 * What has been found out about one call that waits, and what follows from that: only
 * certainty ends it.
 *
 * @param waitingSince when its server process was first seen waiting for us in an
 * unbroken row of looks, {@code 0} for never
 * @param silent how many attempts to connect in a row got not a byte
 * @param silentSince when the first of them began
 */
record Inquiry(long waitingSince, int silent, long silentSince) {

	static final Inquiry BEGUN = new Inquiry(0, 0, 0);

	static final int SILENT_ATTEMPTS = 3;

	static final long SILENT_AT_LEAST = TimeUnit.SECONDS.toNanos(2);

	/**
	 * How long an answer may be under way from a process that has sent it.
	 */
	static final long UNDER_WAY = TimeUnit.MILLISECONDS.toNanos(500);

	private static final long SOON = TimeUnit.SECONDS.toNanos(1);

	/**
	 * Take note of a look.
	 * @param look what it showed
	 * @param began when it began
	 * @param now when it was over
	 * @return what is known now
	 */
	Inquiry noted(Look look, long began, long now) {
		return switch (look) {
			case WAITING -> new Inquiry((this.waitingSince != 0) ? this.waitingSince : now, 0, 0);
			case SILENT -> new Inquiry(0, this.silent + 1, (this.silent > 0) ? this.silentSince : began);
			case WORKING, GONE, SUPERSEDED, INCONCLUSIVE -> BEGUN;
		};
	}

	/**
	 * Decide after a look that was noted.
	 * @param look what it showed
	 * @param quiet how long nothing was heard from the server on any connection, in
	 * nanoseconds
	 * @param after how long it must have been quiet to count as silent
	 * @param now the time
	 * @return what to do
	 */
	Step decide(Look look, long quiet, long after, long now) {
		return switch (look) {
			case GONE -> new Cut(Reason.BACKEND_GONE);
			case SUPERSEDED -> new Cut(Reason.SUPERSEDED);
			case WAITING -> waits(now);
			case SILENT -> isSilent(quiet, after, now) ? new Cut(Reason.UNREACHABLE) : new LookAgain(0);
			case WORKING -> new LookAgain(Math.max(after, SOON));
			case INCONCLUSIVE -> new LookAgain(SOON);
		};
	}

	private Step waits(long now) {
		long left = UNDER_WAY - (now - this.waitingSince);
		return (left <= 0) ? new Cut(Reason.BACKEND_WAITS) : new LookAgain(left);
	}

	private boolean isSilent(long quiet, long after, long now) {
		return this.silent >= SILENT_ATTEMPTS && now - this.silentSince >= SILENT_AT_LEAST && quiet >= after;
	}

}
