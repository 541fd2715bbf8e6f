package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.test.proxy.ArmedFault;
import org.jspecify.annotations.Nullable;

/**
 * Counts the round trips of a method on all its data sources, and places a fault at one
 * of them. Safe to use from several threads.
 */
final class RoundTrips {

	private final List<RoundTrip> trace = new ArrayList<>();

	private boolean recording;

	private @Nullable RoundTrip position;

	private @Nullable ArmedFault fault;

	/**
	 * Begin to record, without a fault.
	 */
	synchronized @Nullable ArmedFault record() {
		this.trace.clear();
		this.position = null;
		this.fault = null;
		this.recording = true;
		return null;
	}

	/**
	 * Begin to record, with a fault at a position.
	 */
	synchronized ArmedFault record(RoundTrip at, FaultKind kind) {
		record();
		ArmedFault armed = ArmedFault.of(kind.fault());
		this.position = at;
		this.fault = armed;
		return armed;
	}

	/**
	 * End the recording.
	 */
	synchronized List<RoundTrip> stop() {
		this.recording = false;
		this.fault = null;
		return List.copyOf(this.trace);
	}

	/**
	 * See a request.
	 * @return the fault to place there, or {@code null}
	 */
	synchronized @Nullable ArmedFault observe(String source, List<String> statements) {
		List<String> own = RoundTrip.own(statements);
		if (!this.recording || own.isEmpty()) {
			return null;
		}
		this.trace.add(new RoundTrip(this.trace.size() + 1, source, own));
		ArmedFault armed = this.fault;
		if (armed == null || this.position == null || this.position.number() != this.trace.size()) {
			return null;
		}
		this.fault = null;
		return armed.take();
	}

}
