package io.github.resilientdb.observe;

import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeferredMeters}.
 */
class DeferredMetersTests {

	private final List<String> done = new ArrayList<>();

	private final DeferredMeters meters = new DeferredMeters() {

		@Override
		void bound() {
			DeferredMetersTests.this.done.add("bound");
		}

	};

	private final MeterRegistry first = new SimpleMeterRegistry();

	private final MeterRegistry second = new SimpleMeterRegistry();

	private void count() {
		this.meters.record((registry) -> registry.counter("calls").increment());
	}

	private static double counted(MeterRegistry registry) {
		return registry.counter("calls").count();
	}

	@Test
	void replaysInItsOrderWhatWasRecordedBeforeThereWasARegistry() {
		this.meters.record((registry) -> this.done.add("one"));
		this.meters.record((registry) -> this.done.add("two"));
		assertThat(this.done).isEmpty();
		assertThat(this.meters.registry()).isNull();
		this.meters.bindTo(this.first);
		this.meters.record((registry) -> this.done.add("three"));
		assertThat(this.done).containsExactly("bound", "one", "two", "three");
	}

	@Test
	void replaysOnce() {
		count();
		this.meters.bindTo(this.first);
		this.meters.bindTo(this.second);
		assertThat(counted(this.first)).isOne();
		assertThat(counted(this.second)).isZero();
	}

	@Test
	void recordsInAllRegistries() {
		this.meters.bindTo(this.first);
		count();
		this.meters.bindTo(this.second);
		count();
		assertThat(counted(this.first)).isEqualTo(2);
		assertThat(counted(this.second)).isOne();
	}

	@Test
	void keepsNotMoreThanTheFirstThousandIfThereIsNeverARegistry() {
		for (int i = 0; i < 100_000; i++) {
			count();
		}
		this.meters.bindTo(this.first);
		assertThat(counted(this.first)).isEqualTo(1000);
	}

	@Test
	void whatIsRecordedWhileItReplaysIsNotLost() {
		this.meters.record((registry) -> count());
		this.meters.bindTo(this.first);
		assertThat(counted(this.first)).isOne();
	}

}
