package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LazyState}.
 */
class LazyStateTests {

	private final Wrapper wrapper = new Wrapper();

	@Test
	void takesBackThatSomethingWasLoaded() {
		LazyState state = LazyState.of(this.wrapper);
		assertThat(state.contents()).isEmpty();
		this.wrapper.load("a", "b");
		state.restore();
		assertThat(this.wrapper.isInitialized()).isFalse();
		assertThat(this.wrapper.elements).isNull();
		assertThat(this.wrapper.session).isEqualTo("first");
	}

	@Test
	void putsBackWhatWasInItsCollections() {
		this.wrapper.load("a", "b");
		this.wrapper.byName.put("a", 1);
		LazyState state = LazyState.of(this.wrapper);
		assertThat(state.contents()).hasSize(2);
		List<String> elements = this.wrapper.elements;
		elements.add("c");
		elements.remove("a");
		this.wrapper.byName.clear();
		this.wrapper.elements = new ArrayList<>(List.of("another"));
		state.restore();
		assertThat(this.wrapper.elements).isSameAs(elements);
		assertThat(elements).as("not yet").containsExactly("b", "c");
		state.restoreContents();
		assertThat(elements).containsExactly("a", "b");
		assertThat(this.wrapper.byName).containsExactly(Map.entry("a", 1));
	}

	@Test
	void canBePutBackMoreThanOnce() {
		LazyState state = LazyState.of(this.wrapper);
		for (int i = 0; i < 2; i++) {
			this.wrapper.load("a");
			state.restore();
			state.restoreContents();
			assertThat(this.wrapper.isInitialized()).isFalse();
		}
	}

	@Test
	void leavesAloneWhereTheSessionKeepsTheWrapper() {
		LazyState state = LazyState.of(this.wrapper);
		this.wrapper.instanceId = 7;
		state.restore();
		assertThat(this.wrapper.instanceId).isEqualTo(7);
	}

	static class AbstractWrapper {

		private boolean initialized;

		String session = "first";

		int instanceId = 1;

		boolean isInitialized() {
			return this.initialized;
		}

		void load() {
			this.initialized = true;
			this.session = "second";
		}

	}

	static final class Wrapper extends AbstractWrapper {

		static String shared = "static";

		final Map<String, Integer> constant = Map.of();

		@Nullable List<String> elements;

		Map<String, Integer> byName;

		void load(String... values) {
			load();
			this.elements = new ArrayList<>(List.of(values));
			this.byName = new TreeMap<>();
		}

	}

}
