package io.github.resilientdb.retry.method;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.util.ClassUtils;

/**
 * The names by which a pattern may call the type of a method: its class, the superclasses
 * and interfaces that have the method too, and for a repository, whose class is a proxy,
 * its interfaces.
 */
final class TypeNames {

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
