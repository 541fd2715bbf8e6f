package com.example.recipes;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Breaks requests again and again, in each way in turn, each at a random request that
 * executes something: at the same ones in every run, as far as the requests are.
 */
final class RecipeStorm {

	static final List<Fault> ALL_KINDS = List.of(Fault.END_SESSION, Fault.DROP_REQUEST, Fault.DROP_RESPONSE,
			Fault.error("40001"), Fault.RESET_AFTER, Fault.lateRequest(Duration.ofMillis(20)), Fault.error("40P01"));

	static final List<Fault> LOSSES = List.of(Fault.END_SESSION, Fault.DROP_REQUEST, Fault.DROP_RESPONSE,
			Fault.RESET_AFTER, Fault.lateRequest(Duration.ofMillis(20)));

	private static final int SHORTEST_CALM = 16;

	private static final int LONGEST_CALM = 40;

	private final List<Fault> kinds;

	private final Random random = new Random(20_26);

	private final Queue<ArmedFault> faults = new ConcurrentLinkedQueue<>();

	private int calm = SHORTEST_CALM;

	RecipeStorm(List<Fault> kinds) {
		this.kinds = kinds;
	}

	/**
	 * Decide what happens to a request.
	 */
	synchronized @Nullable ArmedFault at(List<String> statements) {
		if (statements.isEmpty() || --this.calm > 0) {
			return null;
		}
		this.calm = this.random.nextInt(SHORTEST_CALM, LONGEST_CALM + 1);
		ArmedFault fault = ArmedFault.of(this.kinds.get(this.faults.size() % this.kinds.size())).take();
		this.faults.add(fault);
		return fault;
	}

	/**
	 * Wait until all faults have had their effect.
	 * @return how many there were
	 */
	int await(Duration patience) {
		this.faults.forEach((fault) -> fault.await(patience));
		return this.faults.size();
	}

}
