package io.github.resilientdb.retry.method;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.PatternMatchUtils;

/**
 * The methods that are rerun although nothing of ours is written on them, as the property
 * {@code resilientdb.retry.methods} names them: {@code type.method}, where {@code *}
 * stands for any characters, or {@code *} alone for all.
 */
public final class RetryableMethodPatterns {

	/**
	 * No methods.
	 */
	public static final RetryableMethodPatterns NONE = new RetryableMethodPatterns(List.of());

	private final List<MethodPattern> patterns;

	private RetryableMethodPatterns(List<MethodPattern> patterns) {
		this.patterns = patterns;
	}

	/**
	 * Read patterns.
	 * @param patterns the patterns
	 * @return what they select
	 * @throws IllegalArgumentException if one can't be read; the message says how to
	 * write it
	 */
	public static RetryableMethodPatterns of(List<String> patterns) {
		return patterns.isEmpty() ? NONE
				: new RetryableMethodPatterns(patterns.stream().map(MethodPattern::of).toList());
	}

	boolean isEmpty() {
		return this.patterns.isEmpty();
	}

	/**
	 * Return the patterns as they are written.
	 * @return the patterns
	 */
	List<String> asWritten() {
		return this.patterns.stream().map(MethodPattern::text).toList();
	}

	/**
	 * Find the first pattern that selects a method.
	 * @param method the method
	 * @param type the class of the bean, if it is known
	 * @return the pattern as it is written, {@code null} if there is none
	 */
	@Nullable String find(Method method, @Nullable Class<?> type) {
		if (type == null) {
			return null;
		}
		for (MethodPattern pattern : this.patterns) {
			if (pattern.matches(method, type)) {
				return pattern.text();
			}
		}
		return null;
	}

	/**
	 * A pattern.
	 *
	 * @param text the pattern as it is written
	 * @param type the pattern of the type
	 * @param method the pattern of the method
	 */
	private record MethodPattern(String text, String type, String method) {

		private static final String EXAMPLES = "Write type.method, such as com.example.OwnerRepository.save, "
				+ "com.example.*Repository.* or *.save*; or * for all";

		static MethodPattern of(String text) {
			String trimmed = text.trim();
			if (trimmed.equals("*")) {
				return new MethodPattern(trimmed, "*", "*");
			}
			Assert.isTrue(!trimmed.isEmpty(), () -> "An empty pattern selects nothing. " + EXAMPLES + ".");
			int dot = trimmed.lastIndexOf('.');
			Assert.isTrue(dot > 0, () -> "There is no method, or no type, in '%s'. %s.".formatted(trimmed, EXAMPLES));
			for (String part : trimmed.split("\\.", -1)) {
				Assert.isTrue(isName(part),
						() -> "'%s' is not a name in '%s'. %s, without parameters.".formatted(part, trimmed, EXAMPLES));
			}
			return new MethodPattern(trimmed, trimmed.substring(0, dot), trimmed.substring(dot + 1));
		}

		private static boolean isName(String part) {
			return !part.isEmpty() && part.chars()
				.allMatch((character) -> character == '*' || Character.isJavaIdentifierPart(character));
		}

		boolean matches(Method candidate, Class<?> beanType) {
			return matches(this.method, candidate.getName())
					&& TypeNames.of(candidate, beanType).anyMatch((name) -> matches(this.type, name));
		}

		private static boolean matches(String pattern, String name) {
			return PatternMatchUtils.simpleMatch(pattern, name);
		}

	}

	/**
	 * The names by which a pattern may call the type of a method: its class, the
	 * superclasses and interfaces that have the method too, and for a repository, whose
	 * class is a proxy, its interfaces.
	 */
	private static final class TypeNames {

		private TypeNames() {
		}

		static Stream<String> of(Method method, Class<?> beanType) {
			Class<?> type = ClassUtils.getUserClass(beanType);
			Set<Class<?>> types = new LinkedHashSet<>();
			if (!Proxy.isProxyClass(type)) {
				types.add(type);
			}
			for (Class<?> superclass = type.getSuperclass(); superclass != null
					&& superclass != Object.class; superclass = superclass.getSuperclass()) {
				addIfDeclaring(types, superclass, method);
			}
			for (Class<?> candidate : ClassUtils.getAllInterfacesForClassAsSet(type)) {
				addWithParents(types, candidate, method);
			}
			return types.stream().flatMap(TypeNames::names).distinct();
		}

		private static void addWithParents(Set<Class<?>> types, Class<?> candidate, Method method) {
			addIfDeclaring(types, candidate, method);
			for (Class<?> parent : candidate.getInterfaces()) {
				addWithParents(types, parent, method);
			}
		}

		private static void addIfDeclaring(Set<Class<?>> types, Class<?> type, Method method) {
			boolean declares = Arrays.stream(type.isInterface() ? type.getMethods() : type.getDeclaredMethods())
				.anyMatch((candidate) -> candidate.getName().equals(method.getName())
						&& candidate.getParameterCount() == method.getParameterCount());
			if (declares) {
				types.add(type);
			}
		}

		private static Stream<String> names(Class<?> type) {
			String canonical = type.getCanonicalName();
			return (canonical != null) ? Stream.of(type.getName(), canonical, type.getSimpleName())
					: Stream.of(type.getName());
		}

	}

}
