package io.github.resilientdb.test.values;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What is compared of a response that one of Spring's test clients received. This module
 * sees none of their types.
 */
final class HttpAnswer {

	private HttpAnswer() {
	}

	/**
	 * Write a response.
	 * @param writer how a body that is neither text nor bytes is written
	 * @return status, location and body, or {@code null} if the value is something else
	 */
	static @Nullable String of(Object value, Function<Object, String> writer) {
		Object inner = call(value, "getResponse");
		Object response = (inner != null) ? inner : value;
		Object status = first(response, "getStatus", "getStatusCode");
		Object headers = first(response, "getResponseHeaders", "getHeaders", "getHeaderNames");
		if (status == null || headers == null) {
			return null;
		}
		Object location = call(headers, "getFirst", "Location");
		if (location == null) {
			location = call(response, "getHeader", "Location");
		}
		Object body = first(response, "getContentAsString", "getResponseBodyContent", "getResponseBody", "getBody");
		return "status " + status + ((location != null) ? ", location " + location : "") + ", body "
				+ text((body != null) ? body : "", writer);
	}

	private static String text(Object body, Function<Object, String> writer) {
		return (body instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : writer.apply(body);
	}

	private static @Nullable Object first(Object target, String... getters) {
		return Stream.of(getters)
			.map((getter) -> call(target, getter))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private static @Nullable Object call(Object target, String getter, String... arguments) {
		if (!target.getClass().getName().startsWith("org.springframework.")) {
			return null;
		}
		try {
			Class<?>[] types = new Class<?>[arguments.length];
			Arrays.fill(types, String.class);
			Method method = target.getClass().getMethod(getter, types);
			method.setAccessible(true);
			return method.invoke(target, (Object[]) arguments);
		}
		catch (ReflectiveOperationException | InaccessibleObjectException ex) {
			return null;
		}
	}

}
