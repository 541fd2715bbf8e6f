package io.github.resilientdb.test.values;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;

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
	 * @return status and body, or {@code null} if the value is something else
	 */
	static @Nullable String of(Object value) {
		Object response = call(value, "getResponse");
		Object status = call((response != null) ? response : value, "getStatus");
		for (String body : List.of("getContentAsString", "getResponseBodyContent", "getResponseBody")) {
			Object content = call((response != null) ? response : value, body);
			if (status != null && content != null) {
				return "status " + status + ", body "
						+ ((content instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : content);
			}
		}
		return null;
	}

	private static @Nullable Object call(Object target, String getter) {
		if (!target.getClass().getName().startsWith("org.springframework.")) {
			return null;
		}
		try {
			Method method = target.getClass().getMethod(getter);
			method.setAccessible(true);
			return method.invoke(target);
		}
		catch (ReflectiveOperationException | InaccessibleObjectException ex) {
			return null;
		}
	}

}
