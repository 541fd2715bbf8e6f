package io.github.resilientdb.retry.method;

import java.io.InputStream;
import java.io.Reader;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.BaseStream;

import org.springframework.util.ClassUtils;

/**
 * Types whose contents can be read only once, perhaps after the transaction.
 */
final class ReadOnce {

	// By name, since none of them needs to be there
	private static final List<String> OPTIONAL = List.of("org.reactivestreams.Publisher",
			"kotlinx.coroutines.flow.Flow", "kotlin.sequences.Sequence");

	private ReadOnce() {
	}

	static boolean is(Class<?> type) {
		return BaseStream.class.isAssignableFrom(type) || Iterator.class.isAssignableFrom(type)
				|| InputStream.class.isAssignableFrom(type) || Reader.class.isAssignableFrom(type)
				|| Flow.Publisher.class.isAssignableFrom(type)
				|| OPTIONAL.stream().anyMatch((name) -> isNamed(type, name));
	}

	private static boolean isNamed(Class<?> type, String name) {
		return type.getName().equals(name) || ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.anyMatch((candidate) -> candidate.getName().equals(name));
	}

}
