package com.example.bank.trial;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened.
 *
 * @param number its number, from 1 on
 * @param time when
 * @param lane where, {@code null} if everywhere
 * @param type what kind of thing
 * @param text what, for people
 */
public record TrialEvent(long number, Instant time, @Nullable LaneKind lane, Type type, String text) {

	/**
	 * What kind of thing happened.
	 */
	public enum Type {

		/**
		 * Something was broken.
		 */
		FAULT,

		/**
		 * Something works again.
		 */
		HEALED,

		/**
		 * The database can't be reached, or answers again.
		 */
		OUTAGE,

		/**
		 * Clients were told that their calls failed.
		 */
		FAILED,

		/**
		 * Something is in the ledger that should not be there, or is missing.
		 */
		WRONG,

		/**
		 * Connections were lost.
		 */
		LOST,

		/**
		 * Calls were begun again.
		 */
		RERUN,

		/**
		 * The outcome of COMMITs was looked up.
		 */
		VERIFIED,

		/**
		 * Something about the trial itself.
		 */
		NOTE

	}

}
