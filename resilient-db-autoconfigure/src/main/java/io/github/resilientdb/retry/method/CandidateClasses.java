package io.github.resilientdb.retry.method;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * Tells cheaply for most classes that an annotation is nowhere in them, so that Spring
 * need not look for it on each of their methods while an application starts.
 */
final class CandidateClasses {

	private final Class<? extends Annotation> annotation;

	private final Map<Class<? extends Annotation>, Boolean> composed = new ConcurrentHashMap<>();

	CandidateClasses(Class<? extends Annotation> annotation) {
		this.annotation = annotation;
	}

	/**
	 * Return whether the annotation, or one that is composed of it, may be on a class, on
	 * one of its methods, or on what they inherit from.
	 * @param type the class
	 * @return {@code false} if it is certainly not
	 */
	boolean mayContain(Class<?> type) {
		try {
			return AnnotationUtils.isCandidateClass(type, this.annotation) && isInHierarchy(type);
		}
		catch (RuntimeException | LinkageError ex) {
			return true; // Spring finds out about classes that can't be read
		}
	}

	private boolean isInHierarchy(Class<?> type) {
		if (isOn(type)) {
			return true;
		}
		for (Method method : type.getDeclaredMethods()) {
			if (isOn(method)) {
				return true;
			}
		}
		for (Class<?> implemented : type.getInterfaces()) {
			if (isInHierarchy(implemented)) {
				return true;
			}
		}
		Class<?> parent = type.getSuperclass();
		return parent != null && parent != Object.class && isInHierarchy(parent);
	}

	private boolean isOn(AnnotatedElement element) {
		for (Annotation candidate : element.getDeclaredAnnotations()) {
			if (this.composed.computeIfAbsent(candidate.annotationType(), this::isComposed)) {
				return true;
			}
		}
		return false;
	}

	private boolean isComposed(Class<? extends Annotation> candidate) {
		return candidate == this.annotation || MergedAnnotations.from(candidate).isPresent(this.annotation);
	}

}
