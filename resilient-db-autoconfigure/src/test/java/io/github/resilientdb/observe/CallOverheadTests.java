package io.github.resilientdb.observe;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;
import java.util.Set;

import com.sun.management.ThreadMXBean;
import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what listening to a call that succeeds costs.
 */
class CallOverheadTests {

	private static final int CALLS = 20_000;

	@Test
	void allocatesLittleForACallThatSucceeds() {
		CallName call = new CallName("com.example.Bank", "transfer");
		CallMeters meters = new CallMeters(Set.of("disconnect", "serialization-failure", "deadlock"), (name) -> true,
				() -> CallTimings.meters(true));
		meters.bindTo(new SimpleMeterRegistry());
		List<RetryableCallListener> listeners = List.of(meters, new ApplicationEvents((event) -> {
		}, Clock.systemUTC()), new OutageLog(), new UnknownOutcomeLog());
		run(listeners, call);
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		run(listeners, call);
		long each = (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
		assertThat(each).isLessThanOrEqualTo(300);
	}

	private static void run(List<RetryableCallListener> listeners, CallName call) {
		RetryableCallListener.RunningCall[] running = new RetryableCallListener.RunningCall[listeners.size()];
		for (int i = 0; i < CALLS; i++) {
			for (int j = 0; j < running.length; j++) {
				running[j] = listeners.get(j).callStarting(call, "com.example.Bank.transfer");
			}
			for (RetryableCallListener.RunningCall each : running) {
				each.returned(false);
			}
		}
	}

}
