package io.github.resilientdb.test.values;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.mockito.Mockito;
import org.mockito.invocation.Invocation;

import org.springframework.util.ClassUtils;

/**
 * What was done with a mock. What else Mockito keeps of a call differs each time.
 */
final class MockCalls {

	private static final boolean PRESENT = ClassUtils.isPresent("org.mockito.Mockito",
			MockCalls.class.getClassLoader());

	private MockCalls() {
	}

	/**
	 * Return the calls of a mock, or the one that a value of Mockito's stands for.
	 * @return the calls, or {@code null} if the value is something else
	 */
	static @Nullable List<Call> of(Object value) {
		return PRESENT ? Access.calls(value) : null;
	}

	/**
	 * A call of a mock.
	 *
	 * @param method the method's name
	 * @param arguments what was passed to it
	 */
	record Call(String method, List<Object> arguments) {

	}

	/**
	 * Loaded with Mockito only.
	 */
	private static final class Access {

		private static @Nullable List<Call> calls(Object value) {
			if (value instanceof Invocation invocation) {
				return List.of(call(invocation));
			}
			if (!Mockito.mockingDetails(value).isMock()) {
				return null;
			}
			Collection<Invocation> invocations = Mockito.mockingDetails(value).getInvocations();
			return invocations.stream().map(Access::call).toList();
		}

		private static Call call(Invocation invocation) {
			return new Call(invocation.getMethod().getName(), Arrays.asList(invocation.getArguments()));
		}

	}

}
