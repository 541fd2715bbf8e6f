package io.github.resilientdb.test;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How values are written for comparison.
 */
class ValueRendererTests {

	@Test
	void writesFieldsByName() {
		assertThat(ValueRenderer.render(new Point(1, "x"))).isEqualTo("Point[name=x, x=1]");
	}

	@Test
	void writesContainersByContent() {
		assertThat(ValueRenderer.render(List.of(2, 1))).isEqualTo("[2, 1]");
		assertThat(ValueRenderer.render(new LinkedHashSet<>(List.of("b", "a")))).isEqualTo("[a, b]");
		assertThat(ValueRenderer.render(Map.of("k", Optional.of(1)))).isEqualTo("[k=Optional(1)]");
		assertThat(ValueRenderer.render(new int[] { 1, 2 })).isEqualTo(ValueRenderer.render(new int[] { 1, 2 }));
		assertThat(ValueRenderer.render(new int[] { 1, 2 })).isNotEqualTo(ValueRenderer.render(new int[] { 1, 3 }));
	}

	@Test
	void writesTimesByShape() {
		assertThat(ValueRenderer.render(List.of(Instant.now()))).isEqualTo("[<time>]");
	}

	@Test
	void writesWhatWasDoneWithAMock() {
		Runnable mock = Mockito.mock();
		assertThat(ValueRenderer.render(mock)).isEqualTo("mock()");
		mock.run();
		assertThat(ValueRenderer.render(mock)).isEqualTo("mock(run[])");
		assertThat(ValueRenderer.render(Mockito.mockingDetails(mock).getInvocations())).isEqualTo("[mock(run[])]");
	}

	@Test
	void endsWithCircles() {
		Node node = new Node();
		node.next = node;
		assertThat(ValueRenderer.render(node)).isEqualTo("Node[next=^0]");
	}

	@Test
	void forgetsIdentity() {
		assertThat(ValueRenderer.render(new Object())).isEqualTo(ValueRenderer.render(new Object()));
	}

	record Point(int x, String name) {

	}

	static class Node {

		@Nullable Node next;

	}

}
