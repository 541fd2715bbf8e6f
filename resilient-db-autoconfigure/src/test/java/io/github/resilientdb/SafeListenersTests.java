package io.github.resilientdb;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SafeListeners}.
 */
class SafeListenersTests {

	private final List<String> told = new ArrayList<>();

	@Test
	void whatOneThrowsKeepsTheMessageFromNoOther() {
		SafeListeners<Consumer<String>> listeners = new SafeListeners<>(
				List.of(this::illegal, this.told::add, this::unlinked, this::overflow, this.told::add));
		listeners.tell((listener) -> listener.accept("message"));
		assertThat(this.told).containsExactly("message", "message");
	}

	@Test
	void letsAnErrorOfTheVirtualMachinePass() {
		SafeListeners<Consumer<String>> listeners = new SafeListeners<>(List.of(this::exhausted));
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> listeners.tell((listener) -> listener.accept("message")));
	}

	private void illegal(String message) {
		throw new IllegalStateException();
	}

	private void unlinked(String message) {
		throw new NoClassDefFoundError();
	}

	private void overflow(String message) {
		throw new StackOverflowError();
	}

	private void exhausted(String message) {
		throw new OutOfMemoryError();
	}

}
