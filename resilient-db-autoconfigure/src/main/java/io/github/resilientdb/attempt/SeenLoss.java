package io.github.resilientdb.attempt;

import java.sql.SQLException;

import io.github.resilientdb.FailureVerdict;
import org.jspecify.annotations.Nullable;

/**
 * What a connection said of a failure that it did not survive, whichever transaction it
 * was in. The connection knows more than the exception tells: whether a transaction in
 * which the server refused to write was meant to write.
 *
 * @param failure the failure as the driver threw it
 * @param verdict what it means
 * @param earlier the one before it, if there was one
 */
record SeenLoss(Throwable failure, FailureVerdict verdict, @Nullable SeenLoss earlier) {

	private static final int MAX_NEXT = 64;

	/**
	 * Return what was said of a failure, here or earlier.
	 * @param failure the failure, or one of those that it came with
	 * @return the verdict, or {@code null} if no connection has seen it
	 */
	@Nullable FailureVerdict verdictOf(Throwable failure) {
		for (SeenLoss loss = this; loss != null; loss = loss.earlier) {
			if (loss.includes(failure)) {
				return loss.verdict;
			}
		}
		return null;
	}

	// some wrap the next exception of a batch instead of the first
	private boolean includes(Throwable other) {
		Throwable candidate = this.failure;
		for (int i = 0; candidate != null && i < MAX_NEXT; i++) {
			if (candidate == other) {
				return true;
			}
			candidate = (candidate instanceof SQLException exception) ? exception.getNextException() : null;
		}
		return false;
	}

}
