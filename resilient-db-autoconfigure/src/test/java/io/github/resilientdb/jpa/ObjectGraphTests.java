package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.resilientdb.jpa.ObjectTypes.ObjectSnapshot;
import io.github.resilientdb.jpa.ObjectTypes.ObjectType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.domain.PageImpl;
import org.springframework.data.util.Streamable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ObjectGraph}.
 */
class ObjectGraphTests {

	private final ObjectGraph.Types types = new ObjectGraph.Types(List.of(new Nodes()));

	private final ObjectGraph graph = new ObjectGraph(this.types);

	@Test
	void findsObjectsInContainers() {
		List<Node> nodes = Stream.generate(Node::new).limit(7).toList();
		this.graph.add(List.of(nodes.get(0), "text"));
		this.graph.add(Map.of("key", List.of(nodes.get(1))));
		this.graph.add(Map.of(nodes.get(2), "value"));
		this.graph.add(new Object[] { nodes.get(3) });
		this.graph.add(Optional.of(nodes.get(4)));
		this.graph.add(new PageImpl<>(List.of(nodes.get(5))));
		this.graph.add(Streamable.of(nodes.get(6)));
		nodes.forEach((node) -> node.value = 1);
		this.graph.restore();
		assertThat(nodes).allSatisfy((node) -> assertThat(node.value).isZero());
	}

	@Test
	void followsWhatCanBeReachedOnce() {
		Node first = new Node();
		Node second = new Node();
		first.next = second;
		second.next = first;
		this.graph.add(first);
		second.value = 1;
		second.next = null;
		this.graph.restore();
		assertThat(second.value).isZero();
		assertThat(second.next).isSameAs(first);
	}

	@Test
	void readsNothingThatIsPlain() {
		assertThat(this.types.isPlain("text")).isTrue();
		assertThat(this.types.isPlain(new byte[0])).isTrue();
		assertThat(this.types.isPlain(List.of().iterator())).isTrue();
		assertThat(this.types.isPlain(Stream.empty())).isTrue();
		assertThat(this.types.isPlain(Streamable.of(() -> Stream.of(new Node())))).isTrue();
		assertThat(this.types.isPlain(List.of())).isFalse();
		assertThat(this.types.isPlain(new Node())).isFalse();
	}

	@Test
	void hasALimitForObjectsAndNoneForOtherElements() {
		this.graph.add(IntStream.range(0, 100_000).boxed().toList());
		assertThat(this.graph.isEmpty()).isTrue();
		List<Node> nodes = new ArrayList<>(Stream.generate(Node::new).limit(ObjectGraph.LIMIT).toList());
		this.graph.add(nodes);
		assertThatExceptionOfType(ObjectGraph.TooManyObjectsException.class)
			.isThrownBy(() -> this.graph.add(new Node()))
			.withMessageContaining("10,000");
	}

	static class Node {

		private int value;

		private @Nullable Node next;

	}

	static class Nodes extends ObjectTypes {

		@Override
		@Nullable ObjectType find(Class<?> type) {
			return (type != Node.class) ? null : (instance, reached) -> {
				Node node = (Node) instance;
				int value = node.value;
				Node next = node.next;
				reached.accept(next);
				return new ObjectSnapshot() {
					@Override
					public void restoreAttributes() {
						node.value = value;
						node.next = next;
					}

					@Override
					public void restoreElements() {
					}
				};
			};
		}

	}

}
