package com.example.bank.trial;

/**
 * What the clients were told, compared with how often that is in the ledger.
 *
 * @param calls how many transfers were asked for and answered
 * @param failed how many clients were told that it failed
 * @param gaveUp how many of the calls ran out of time
 * @param unknown how many clients were told that nobody can know
 * @param failedYetBooked how many transfers were said to have failed and are booked
 * @param bookedTwice how many transfers are booked more than once
 * @param lost how many transfers were said to be done and are not booked
 * @param expectedCents how much should have been paid, after what the clients were told
 * @param bookedCents how much was paid
 */
record Tally(long calls, long failed, long gaveUp, long unknown, long failedYetBooked, long bookedTwice, long lost,
		long expectedCents, long bookedCents) {

	static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0);

	/**
	 * Compare one call with the ledger.
	 * @param call the call
	 * @param booked how often its transfer is booked
	 * @return what it adds to the tally
	 */
	static Tally of(Call call, int booked) {
		Answer answer = call.answer();
		boolean failed = answer == Answer.FAILED || answer == Answer.GAVE_UP;
		boolean done = answer == Answer.DONE;
		int expected = failed ? 0 : done ? 1 : Math.min(booked, 1);
		return new Tally(count(answer != null), count(answer == Answer.FAILED), count(answer == Answer.GAVE_UP),
				count(answer == Answer.UNKNOWN), count(failed && booked > 0), count(booked > 1),
				count(done && booked == 0), call.cents() * expected, call.cents() * booked);
	}

	private static long count(boolean is) {
		return is ? 1 : 0;
	}

	Tally plus(Tally other) {
		return new Tally(this.calls + other.calls, this.failed + other.failed, this.gaveUp + other.gaveUp,
				this.unknown + other.unknown, this.failedYetBooked + other.failedYetBooked,
				this.bookedTwice + other.bookedTwice, this.lost + other.lost, this.expectedCents + other.expectedCents,
				this.bookedCents + other.bookedCents);
	}

}
