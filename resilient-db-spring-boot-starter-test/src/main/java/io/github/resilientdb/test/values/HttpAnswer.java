package io.github.resilientdb.test.values;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What is compared of a response that one of Spring's clients, or the JDK's, received.
 * This module sees none of Spring's types.
 */
final class HttpAnswer {

	private HttpAnswer() {
	}

	/**
	 * Return the response in what a test client returns for further expectations.
	 * @return the response, or {@code null} if the value is something else
	 */
	static @Nullable Object in(Object value) {
		return first(value, "andReturn", "getMvcResult", "returnResult", "getExchangeResult");
	}

	/**
	 * Return whether a response is still being made: nothing can be said of it yet.
	 */
	static boolean isUnfinished(Object value) {
		Object request = call(value, "getRequest");
		return request != null && Boolean.TRUE.equals(call(request, "isAsyncStarted"));
	}

	/**
	 * Write a response.
	 * @param writer how a body that is neither text nor bytes is written
	 * @return status, headers and body, or {@code null} if the value is something else
	 */
	static @Nullable String of(Object value, Function<Object, String> writer) {
		if (value instanceof HttpResponse<?> response) {
			return write(response.statusCode(), response.headers().map(), response.body(), writer);
		}
		Object failure = call(value, "getUnresolvedException");
		if (failure != null) {
			return write(500, Map.of(), failure, writer);
		}
		Object inner = call(value, "getResponse");
		Object response = (inner != null) ? inner : value;
		Object status = first(response, "getStatus", "getStatusCode");
		Map<?, ?> headers = headers(response);
		return (status == null || headers == null) ? null : write(status, headers,
				first(response, "getContentAsString", "getResponseBodyContent", "getResponseBody", "getBody"), writer);
	}

	private static String write(Object status, Map<?, ?> headers, @Nullable Object body,
			Function<Object, String> writer) {
		String text = (body instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8)
				: ((body != null) ? writer.apply(body) : "");
		return "status " + status + HttpHeaders.write(headers) + ", body " + text;
	}

	/**
	 * Return the headers by name, which each class tells in its own way.
	 */
	private static @Nullable Map<?, ?> headers(Object response) {
		if (call(response, "getHeaderNames") instanceof Collection<?> names) {
			Map<Object, Object> headers = new HashMap<>();
			names.forEach((name) -> headers.put(name, call(response, "getHeaders", name.toString())));
			return headers;
		}
		Object headers = first(response, "getResponseHeaders", "getHeaders");
		return (headers != null && call(headers, "asMultiValueMap") instanceof Map<?, ?> map) ? map : null;
	}

	private static @Nullable Object first(Object target, String... getters) {
		return Stream.of(getters)
			.map((getter) -> call(target, getter))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private static @Nullable Object call(Object target, String getter, String... arguments) {
		Class<?> type = target.getClass();
		return type.getName().startsWith("org.springframework.") ? Getter.call(type, getter, target, arguments) : null;
	}

}
