package io.github.resilientdb.commit.postgresql;

import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import org.jspecify.annotations.Nullable;

/**
 * Why a search that runs out of time now ends without an outcome. Each round makes a new
 * one; a round without a turn leaves it as it is.
 *
 * @param reason the reason
 * @param asked the reason that the last question left, {@code null} if none was asked
 */
record WhyUnknown(UnknownReason reason, @Nullable UnknownReason asked) {

	/**
	 * Nothing was tried so far.
	 */
	static final WhyUnknown START = new WhyUnknown(UnknownReason.NO_TIME_LEFT, null);

	WhyUnknown afterQuestion(UnknownReason reason) {
		return new WhyUnknown(reason, reason);
	}

	/**
	 * There is nobody to ask for the time being.
	 */
	WhyUnknown afterNoConnection() {
		return new WhyUnknown(UnknownReason.UNREACHABLE, this.asked);
	}

	/**
	 * The server was there, but the connection failed before it was asked. That says
	 * nothing new.
	 */
	WhyUnknown afterFailure() {
		return new WhyUnknown((this.asked != null) ? this.asked : UnknownReason.UNREACHABLE, this.asked);
	}

}
