package com.example.bank.trial;

import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What a client knows of a transfer it asked for.
 *
 * @param transferId the id it made up
 * @param cents how much it transfers
 * @param began when it called, as a value of {@link System#nanoTime()}
 * @param answer what it was told, {@code null} while it waits
 * @param ended when it was told, as a value of {@link System#nanoTime()}
 */
record Call(UUID transferId, long cents, long began, @Nullable Answer answer, long ended) {

	static Call begin(UUID transferId, long cents, long now) {
		return new Call(transferId, cents, now, null, 0);
	}

	Call end(Answer answer, long now) {
		return new Call(this.transferId, this.cents, this.began, answer, now);
	}

	/**
	 * Return the call as it was: an answer that came later is not known.
	 */
	Call asOf(long time) {
		return (this.answer == null || this.ended - time <= 0) ? this : begin(this.transferId, this.cents, this.began);
	}

	/**
	 * Return whether it ended so long ago that a late COMMIT of it has arrived by now.
	 */
	boolean isOver(long now, Duration patience) {
		return this.answer != null && now - this.ended > patience.toNanos();
	}

}
