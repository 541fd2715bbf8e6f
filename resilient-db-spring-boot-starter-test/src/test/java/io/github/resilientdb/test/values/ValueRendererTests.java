package io.github.resilientdb.test.values;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
		assertThat(ValueRenderer.render(new byte[] { 1, -1 })).isEqualTo("\\x01ff");
		assertThat(ValueRenderer.render(new int[] { 1, 2 })).isEqualTo(ValueRenderer.render(new int[] { 1, 2 }));
		assertThat(ValueRenderer.render(new int[] { 1, 2 })).isNotEqualTo(ValueRenderer.render(new int[] { 1, 3 }));
	}

	@Test
	void writesPointsInTimeAsTheyAre() {
		Instant instant = Instant.parse("2026-01-01T10:00:00.123Z");
		assertThat(ValueRenderer.render(List.of(instant))).isEqualTo("[2026-01-01T10:00:00.123Z]");
		assertThat(ValueRenderer.render(Date.from(instant))).isEqualTo("2026-01-01T10:00:00.123Z");
		assertThat(ValueRenderer.render(Timestamp.from(instant))).isEqualTo("2026-01-01T10:00:00.123Z");
		assertThat(ValueRenderer.render(LocalDate.parse("2026-01-01"))).isEqualTo("2026-01-01");
		assertThat(ValueRenderer.render(java.sql.Date.valueOf("2026-01-01"))).isEqualTo("2026-01-01");
		assertThat(ValueRenderer.render(LocalTime.now())).isEqualTo("<time>");
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

	static Stream<Object> unreadable() {
		Supplier<String> supplier = () -> "x";
		return Stream.of(supplier, List.of(supplier), Map.of("k", supplier), Optional.of(supplier), Stream.of(1),
				List.of(1).iterator(), CompletableFuture.completedFuture(1), new ByteArrayInputStream(new byte[1]),
				new Object(), new ThreadLocal<>(), Proxy.newProxyInstance(ValueRendererTests.class.getClassLoader(),
						new Class<?>[] { Supplier.class }, (proxy, method, arguments) -> "x"));
	}

	@ParameterizedTest
	@MethodSource("unreadable")
	void refusesWhatItCannotRead(Object value) {
		assertThatIllegalStateException().isThrownBy(() -> ValueRenderer.renderAll(value))
			.withMessageContaining("can't be compared")
			.withMessageContaining("when(() -> ");
		assertThat(ValueRenderer.render(value)).doesNotContain("@");
	}

	@Test
	void namesTheUnreadableByWhatItIs() {
		Supplier<String> supplier = () -> "x";
		assertThat(ValueRenderer.render(supplier)).isEqualTo("<Supplier>");
		assertThatIllegalStateException().isThrownBy(() -> ValueRenderer.renderAll(supplier))
			.withMessageStartingWith("A value of type Supplier can't be compared");
	}

	@Test
	void namesWhatIsUsedUpByReading() {
		assertThat(ValueRenderer.render(List.of(1).iterator())).isEqualTo("<Iterator>");
		assertThat(ValueRenderer.render(Stream.of(1))).isEqualTo("<Stream>");
	}

	@Test
	void writesTheTypeOfWhatItCannotReadInsideOfAnObject() {
		assertThat(ValueRenderer.renderAll(new Later("x", () -> 1))).isEqualTo("Later[name=x, value=<Supplier>]");
	}

	@Test
	void readsWhatHoldsAnotherValue() {
		assertThat(ValueRenderer.renderAll(new AtomicReference<>(new Point(1, "x")))).isEqualTo("Point[name=x, x=1]");
		assertThat(ValueRenderer.renderAll(Map.entry("k", new Point(1, "x")))).isEqualTo("k=Point[name=x, x=1]");
	}

	@Test
	void comparesWhatTheClientOfTheJdkReceived() {
		assertThat(ValueRenderer.renderAll(new Received("made"))).isEqualTo("status 500, x-n: 1, body made");
		assertThat(ValueRenderer.renderAll(new Received("made".getBytes(StandardCharsets.UTF_8))))
			.isEqualTo("status 500, x-n: 1, body made");
		assertThat(ValueRenderer.renderAll(new Received(null))).isEqualTo("status 500, x-n: 1, body ");
		assertThatIllegalStateException()
			.isThrownBy(() -> ValueRenderer.renderAll(new Received(new ByteArrayInputStream(new byte[1]))));
		assertThatIllegalStateException().isThrownBy(() -> ValueRenderer.renderAll(new Received(Stream.of("made"))));
	}

	@Test
	void writesAPathByItsName() {
		assertThat(ValueRenderer.renderAll(Path.of("a", "b"))).isEqualTo(Path.of("a", "b").toString());
	}

	record Later(String name, Supplier<Integer> value) {

	}

	record Received(@Nullable Object body) implements HttpResponse<@Nullable Object> {

		@Override
		public int statusCode() {
			return 500;
		}

		@Override
		public HttpRequest request() {
			return HttpRequest.newBuilder(uri()).build();
		}

		@Override
		public Optional<HttpResponse<@Nullable Object>> previousResponse() {
			return Optional.empty();
		}

		@Override
		public HttpHeaders headers() {
			return HttpHeaders.of(Map.of("X-N", List.of("1")), (name, value) -> true);
		}

		@Override
		public Optional<SSLSession> sslSession() {
			return Optional.empty();
		}

		@Override
		public URI uri() {
			return URI.create("http://localhost/notes");
		}

		@Override
		public HttpClient.Version version() {
			return HttpClient.Version.HTTP_1_1;
		}

	}

	record Point(int x, String name) {

	}

	static class Node {

		@Nullable Node next;

	}

}
