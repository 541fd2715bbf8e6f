package io.github.resilientdb.test.values;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Writes values as text, by their contents: two values with the same text are the same to
 * whoever reads them. Values of the JDK write themselves; of others, the fields are read.
 * Nothing lazy is loaded.
 */
public final class ValueRenderer {

	private static final int MAX_DEPTH = 12;

	private final Map<Object, Integer> seen = new IdentityHashMap<>();

	/**
	 * Whether this is inside of an object's fields.
	 */
	private boolean inside;

	private final boolean strict;

	private ValueRenderer(boolean strict) {
		this.strict = strict;
	}

	/**
	 * Write a value. Of what can't be read, only the type is written.
	 */
	public static String render(@Nullable Object value) {
		return new ValueRenderer(false).write(value, 0);
	}

	/**
	 * Write a value that is to be compared, and refuse one that can't be: whatever it
	 * holds, two of them would be the same. Inside of an object, only the type is
	 * written.
	 * @throws IllegalStateException if it, or an element of it, can't be read
	 */
	public static String renderAll(@Nullable Object value) {
		return new ValueRenderer(true).write(value, 0);
	}

	private String write(@Nullable Object value, int depth) {
		if (value == null) {
			return "null";
		}
		String moment = moment(value);
		if (moment != null) {
			return moment;
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

	/**
	 * Write what has a date as a point in time, and the date alone exactly.
	 */
	private static @Nullable String moment(Object value) {
		if (value instanceof LocalTime || value instanceof OffsetTime || value instanceof java.sql.Time) {
			return "<time>";
		}
		if (value instanceof Calendar calendar) {
			return calendar.toInstant().toString();
		}
		if (value instanceof Date date && !(value instanceof java.sql.Date)) {
			return Instant.ofEpochMilli(date.getTime()).toString();
		}
		return (value instanceof Temporal || value instanceof Date) ? value.toString() : null;
	}

	private String structure(Object value, int depth) {
		if (StandIns.isUninitialized(value)) {
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
			return Unordered.write(entries);
		}
		if (value instanceof Map.Entry<?, ?> entry) {
			return write(entry.getKey(), depth) + "=" + write(entry.getValue(), depth);
		}
		if (value instanceof AtomicReference<?> reference) {
			return write(reference.get(), depth);
		}
		if (value instanceof Collection<?> collection) {
			List<String> elements = new ArrayList<>();
			collection.forEach((element) -> elements.add(write(element, depth)));
			return (value instanceof Set) ? Unordered.write(elements) : elements.toString();
		}
		if (value instanceof byte[] bytes) {
			return "\\x" + HexFormat.of().formatHex(bytes);
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
		return object(value, depth);
	}

	private String object(Object value, int depth) {
		Object target = StandIns.target(value);
		if (target != null) {
			return write(target, depth);
		}
		String advice = Unreadable.advice(value);
		if (advice != null) {
			if (this.strict && !this.inside) {
				throw new IllegalStateException("A value of type " + Unreadable.name(value)
						+ " can't be compared: two of them are the same, whatever they hold. " + advice);
			}
			return "<" + Unreadable.name(value) + ">";
		}
		String response = HttpAnswer.of(value, (body) -> write(body, depth));
		if (response != null) {
			return response;
		}
		if (Unreadable.isClosed(value)) {
			return value.toString();
		}
		boolean outer = this.inside;
		this.inside = true;
		try {
			return fields(value, depth);
		}
		finally {
			this.inside = outer;
		}
	}

	private String fields(Object value, int depth) {
		Class<?> type = value.getClass();
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

}
