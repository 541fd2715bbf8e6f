package io.github.resilientdb.test;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Writes values as text, by their contents: two values with the same text are the same to
 * whoever reads them. Values of the JDK write themselves; of others, the fields are read.
 * Nothing lazy is loaded.
 */
final class ValueRenderer {

	private static final int MAX_DEPTH = 12;

	private final Map<Object, Integer> seen = new IdentityHashMap<>();

	private ValueRenderer() {
	}

	static String render(@Nullable Object value) {
		return new ValueRenderer().write(value, 0);
	}

	private String write(@Nullable Object value, int depth) {
		if (value == null) {
			return "null";
		}
		if (value instanceof Temporal || value instanceof Date || value instanceof Calendar) {
			return "<time>";
		}
		if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean
				|| value instanceof Character || value instanceof Enum || value instanceof Class
				|| value instanceof Duration) {
			return value.toString();
		}
		if (depth > MAX_DEPTH) {
			return "…";
		}
		Integer before = this.seen.putIfAbsent(value, this.seen.size());
		if (before != null) {
			return "^" + before;
		}
		return structure(value, depth + 1);
	}

	private String structure(Object value, int depth) {
		if (isUninitialized(value)) {
			return "<lazy>";
		}
		List<MockCalls.Call> calls = MockCalls.of(value);
		if (calls != null) {
			return calls.stream()
				.map((call) -> call.method() + write(call.arguments(), depth))
				.collect(Collectors.joining(", ", "mock(", ")"));
		}
		if (value instanceof Optional<?> optional) {
			return optional.map((content) -> "Optional(" + write(content, depth) + ")").orElse("Optional()");
		}
		if (value instanceof Map<?, ?> map) {
			List<String> entries = new ArrayList<>();
			map.forEach((key, content) -> entries.add(write(key, depth) + "=" + write(content, depth)));
			return sorted(entries, true).toString();
		}
		if (value instanceof Collection<?> collection) {
			List<String> elements = new ArrayList<>();
			collection.forEach((element) -> elements.add(write(element, depth)));
			return sorted(elements, value instanceof Set).toString();
		}
		if (value.getClass().isArray()) {
			return IntStream.range(0, Array.getLength(value))
				.mapToObj((i) -> write(Array.get(value, i), depth))
				.toList()
				.toString();
		}
		if (value instanceof Throwable failure) {
			return failure.getClass().getName() + "(" + failure.getMessage() + ")";
		}
		return value.getClass().getName().startsWith("java.") ? jdk(value) : fields(value, depth);
	}

	private static List<String> sorted(List<String> entries, boolean sort) {
		if (sort) {
			entries.sort(Comparator.naturalOrder());
		}
		return entries;
	}

	private static String jdk(Object value) {
		String text = value.toString();
		String identity = value.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(value));
		return text.equals(identity) ? value.getClass().getName() : text;
	}

	private String fields(Object value, int depth) {
		Class<?> type = value.getClass();
		String response = response(value);
		if (response != null) {
			return response;
		}
		if (type.isSynthetic() || type.isHidden() || Proxy.isProxyClass(type)) {
			return "<" + type.getSimpleName().replaceAll("[$/].*", "") + ">";
		}
		List<String> fields = new ArrayList<>();
		for (Class<?> current = type; current != null && current != Object.class; current = current.getSuperclass()) {
			for (Field field : current.getDeclaredFields()) {
				if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()
						&& !field.getName().startsWith("$$_")) {
					fields.add(field.getName() + "=" + write(read(field, value), depth));
				}
			}
		}
		fields.sort(Comparator.naturalOrder());
		return type.getSimpleName() + fields;
	}

	private static @Nullable Object read(Field field, Object owner) {
		try {
			field.setAccessible(true);
			return field.get(owner);
		}
		catch (IllegalAccessException | InaccessibleObjectException ex) {
			return "<inaccessible>";
		}
	}

	/**
	 * Of a response that a test client received, status and body are compared.
	 */
	private static @Nullable String response(Object value) {
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

	/**
	 * Hibernate's proxies and collections tell whether they are loaded.
	 */
	private static boolean isUninitialized(Object value) {
		for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
			for (Class<?> implemented : type.getInterfaces()) {
				if (implemented.getName().equals("org.hibernate.proxy.HibernateProxy")) {
					return true;
				}
				if (implemented.getName().equals("org.hibernate.collection.spi.PersistentCollection")) {
					return !Boolean.TRUE.equals(invoke(implemented, "wasInitialized", value));
				}
			}
		}
		return false;
	}

	private static @Nullable Object invoke(Class<?> type, String method, Object target) {
		try {
			return type.getMethod(method).invoke(target);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

}
