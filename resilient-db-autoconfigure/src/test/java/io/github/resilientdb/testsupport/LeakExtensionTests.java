package io.github.resilientdb.testsupport;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class LeakExtensionTests {

	private static final Leak EVENT_QUEUE = new Leak(Leak.Kind.DESCRIPTOR, "2 × anon_inode:[eventpoll]");

	private static final List<KnownLeak> KNOWN = List.of(Leaking.class.getAnnotation(KnownLeak.class));

	@Test
	void acceptsAClassThatLeavesNothing() {
		assertThatNoException().isThrownBy(() -> LeakExtension.judge("X", List.of(), List.of()));
	}

	@Test
	void saysWhatIsLeft() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> LeakExtension.judge("X", List.of(), List.of(EVENT_QUEUE)))
			.withMessageContaining("X leaks")
			.withMessageContaining("left behind: descriptor 2 × anon_inode:[eventpoll]");
	}

	@Test
	void acceptsWhatIsKnownToBeLeft() {
		assertThatNoException().isThrownBy(() -> LeakExtension.judge("X", KNOWN, List.of(EVENT_QUEUE)));
	}

	@Test
	void refusesWhatIsLeftBesideWhatIsKnown() {
		Leak thread = new Leak(Leak.Kind.THREAD, "eventpoll");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> LeakExtension.judge("X", KNOWN, List.of(EVENT_QUEUE, thread)))
			.withMessageContaining("left behind: thread eventpoll")
			.withMessageNotContaining("descriptor");
	}

	@Test
	void refusesToKnowWhatIsNoLongerLeft() {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> LeakExtension.judge("X", KNOWN, List.of()))
			.withMessageContaining("no longer left behind")
			.withMessageContaining("a reason");
	}

	@KnownLeak(kind = Leak.Kind.DESCRIPTOR, what = "eventpoll", reason = "a reason")
	static class Leaking {

	}

}
