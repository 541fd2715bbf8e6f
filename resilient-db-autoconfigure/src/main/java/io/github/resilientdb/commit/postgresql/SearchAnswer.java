package io.github.resilientdb.commit.postgresql;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;

/**
 * What a question of the search for an outcome has found.
 */
sealed interface SearchAnswer {

	/**
	 * The search is over.
	 *
	 * @param outcome what it ends with
	 */
	record Decided(CommitOutcome outcome) implements SearchAnswer {

	}

	/**
	 * There is no outcome yet.
	 *
	 * @param reason why, should time run out now
	 * @param next when to ask again
	 */
	record Pending(UnknownReason reason, Next next) implements SearchAnswer {

		static Pending of(UnknownReason reason) {
			return new Pending(reason, Next.LATER);
		}

	}

	/**
	 * When to ask again.
	 */
	enum Next {

		/**
		 * Almost at once: the server was just told to end something.
		 */
		SOON,

		/**
		 * After a pause that grows.
		 */
		LATER

	}

}
