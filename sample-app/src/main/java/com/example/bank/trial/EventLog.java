package com.example.bank.trial;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import com.example.bank.trial.TrialEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * What happened lately.
 */
class EventLog {

	private static final int KEPT = 100;

	private final Clock clock;

	private final Deque<TrialEvent> events = new ArrayDeque<>();

	private long last;

	EventLog(Clock clock) {
		this.clock = clock;
	}

	synchronized void add(@Nullable LaneKind lane, Type type, String text) {
		this.events.add(new TrialEvent(++this.last, this.clock.instant(), lane, type, text));
		if (this.events.size() > KEPT) {
			this.events.remove();
		}
	}

	/**
	 * Return what happened since.
	 * @param number the number of the last event that is known, 0 if none is
	 */
	synchronized List<TrialEvent> since(long number) {
		return this.events.stream().filter((event) -> event.number() > number).toList();
	}

}
