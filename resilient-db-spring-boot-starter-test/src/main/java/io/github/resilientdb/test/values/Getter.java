package io.github.resilientdb.test.values;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Public methods of types that this module doesn't see. The class of the object itself
 * need not be public.
 */
final class Getter {

	private Getter() {
	}

	/**
	 * Call a method.
	 * @param type the class or interface that has it
	 * @param arguments its arguments, all of them texts
	 * @return what it returned, or {@code null} if there is no such method, or it failed
	 */
	static @Nullable Object call(Class<?> type, String name, Object target, String... arguments) {
		try {
			Class<?>[] types = new Class<?>[arguments.length];
			Arrays.fill(types, String.class);
			Method method = type.getMethod(name, types);
			method.setAccessible(true);
			return method.invoke(target, (Object[]) arguments);
		}
		catch (ReflectiveOperationException | InaccessibleObjectException ex) {
			return null;
		}
	}

}
