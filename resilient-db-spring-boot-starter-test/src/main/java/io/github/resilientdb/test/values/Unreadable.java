package io.github.resilientdb.test.values;

import java.io.Closeable;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Values whose contents nobody can read without using them up or waiting for them, or at
 * all.
 */
final class Unreadable {

	private Unreadable() {
	}

	/**
	 * Return what to write instead.
	 * @return the advice, or {@code null} if the value can be read
	 */
	static @Nullable String advice(Object value) {
		Class<?> type = value.getClass();
		if (value instanceof BaseStream) {
			return "Collect it: when(() -> service.find().toList())";
		}
		if (value instanceof Iterator) {
			return "Collect what it returns: when(() -> { List<Object> all = new ArrayList<>(); "
					+ "service.find().forEachRemaining(all::add); return all; })";
		}
		if (value instanceof Future || value instanceof CompletionStage) {
			return "Wait for it: when(() -> service.find().get())";
		}
		if (isPublisher(value)) {
			return "Wait for what it publishes: when(() -> service.find().block())";
		}
		if (HttpAnswer.isUnfinished(value)) {
			return "Wait for it: when(() -> { MvcResult started = mvc.perform(post(\"/orders\")).andReturn(); "
					+ "started.getAsyncResult(); return mvc.perform(asyncDispatch(started)).andReturn(); })";
		}
		if (value instanceof Closeable && type.getName().startsWith("org.springframework.")) {
			return "Let the client read the body: when(() -> client.post().uri(\"/orders\").retrieve()"
					+ ".toEntity(String.class))";
		}
		if (value instanceof InputStream || value instanceof Reader
				|| (value instanceof Closeable && isClosed(value))) {
			return "Read it: when(() -> service.open().readAllBytes())";
		}
		if (type.isHidden() || type.isSynthetic() || Proxy.isProxyClass(type)) {
			return "Call it, and return what comes of that: when(() -> service.find().get()); or return nothing: "
					+ "when(() -> { service.find(); })";
		}
		if (isOpaque(value)) {
			return "Return what is to be compared: when(() -> service.find().value()); or nothing: "
					+ "when(() -> { service.find(); })";
		}
		return null;
	}

	/**
	 * The fields of the JDK's classes are closed: they are compared as they write
	 * themselves.
	 */
	static boolean isClosed(Object value) {
		return value.getClass().getName().matches("(java|javax|jdk|sun|com\\.sun)\\..*");
	}

	private static boolean isOpaque(Object value) {
		return isClosed(value) && String.valueOf(value)
			.equals(value.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(value)));
	}

	private static boolean isPublisher(Object value) {
		return value instanceof Flow.Publisher || Stream.of(ClassUtils.getAllInterfaces(value))
			.anyMatch((type) -> type.getName().equals("org.reactivestreams.Publisher"));
	}

	/**
	 * Return what a value is, without what differs from one JVM to the next.
	 */
	static String name(Object value) {
		for (Class<?> known : List.of(BaseStream.class, Iterator.class, Future.class)) {
			if (known.isInstance(value)) {
				return known.getSimpleName().replace("Base", "");
			}
		}
		Class<?> type = value.getClass();
		if (type.isHidden() || Proxy.isProxyClass(type)) {
			for (Class<?> implemented : type.getInterfaces()) {
				return implemented.getSimpleName();
			}
		}
		return type.getSimpleName().replaceAll("[$/].*", "");
	}

}
