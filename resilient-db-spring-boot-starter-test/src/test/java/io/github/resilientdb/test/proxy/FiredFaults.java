package io.github.resilientdb.test.proxy;

import org.jspecify.annotations.Nullable;

/**
 * What a proxy does with a fault, for tests without one.
 */
public final class FiredFaults {

	private FiredFaults() {
	}

	/**
	 * Let a fault have its effect.
	 * @param fault the fault at a request, if any
	 * @return whether there is one, so that the request fails
	 */
	public static boolean fire(@Nullable ArmedFault fault) {
		if (fault != null) {
			fault.markFired();
		}
		return fault != null;
	}

}
