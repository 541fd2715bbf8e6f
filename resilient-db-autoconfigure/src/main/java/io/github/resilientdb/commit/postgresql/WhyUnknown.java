package io.github.resilientdb.commit.postgresql;

import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import org.jspecify.annotations.Nullable;

/**
 * Why a search that runs out of time now ends without an outcome. Each round makes a new
 * one; a round without a turn leaves it as it is.
 *
 * @param reason the reason
 * @param said the reason that the server gave last, {@code null} if it gave none
 */
record WhyUnknown(UnknownReason reason, @Nullable UnknownReason said) {

	/**
	 * Nothing was tried so far.
	 */
	static final WhyUnknown START = new WhyUnknown(UnknownReason.NO_TIME_LEFT, null);

	WhyUnknown afterAnswer(UnknownReason reason) {
		return new WhyUnknown(reason, reason);
	}

	/**
	 * There was a server, but it did not come to an answer. So what was said last still
	 * holds, also if it could not be reached in between.
	 */
	WhyUnknown afterFailure() {
		return new WhyUnknown((this.said != null) ? this.said : UnknownReason.UNREACHABLE, this.said);
	}

	/**
	 * There was no connection, so there is no server for the time being. But one that
	 * there was no time for says nothing, unless nothing else was tried.
	 */
	WhyUnknown afterNoConnection(boolean timeIsUp) {
		return (timeIsUp && this.reason != UnknownReason.NO_TIME_LEFT) ? this
				: new WhyUnknown(UnknownReason.UNREACHABLE, this.said);
	}

}
