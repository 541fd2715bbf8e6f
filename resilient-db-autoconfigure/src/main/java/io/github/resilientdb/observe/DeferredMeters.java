package io.github.resilientdb.observe;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Meters of something that is used before there is a registry: asking for one that early
 * would create it without the filters and common tags that the application configures.
 * What is recorded until then is kept.
 */
abstract class DeferredMeters implements MeterBinder {

	private static final int MAX_EARLY = 1000;

	private final Queue<Consumer<MeterRegistry>> early = new ArrayDeque<>();

	private volatile @Nullable MeterRegistry registry;

	// What was recorded before is in the registry: from then on nothing can overtake it
	private volatile boolean replayed;

	@Override
	public final void bindTo(MeterRegistry added) {
		synchronized (this) {
			MeterRegistry present = this.registry;
			this.registry = (present != null) ? both(present, added) : added;
		}
		bound();
		replay();
	}

	private static MeterRegistry both(MeterRegistry one, MeterRegistry other) {
		CompositeMeterRegistry both = new CompositeMeterRegistry();
		both.add(one);
		both.add(other);
		return both;
	}

	private synchronized void replay() {
		MeterRegistry registry = this.registry;
		for (Consumer<MeterRegistry> next = this.early.poll(); next != null; next = this.early.poll()) {
			if (registry != null) {
				next.accept(registry);
			}
		}
		this.replayed = true;
	}

	/**
	 * There is a registry, or one more.
	 */
	abstract void bound();

	final @Nullable MeterRegistry registry() {
		return this.registry;
	}

	/**
	 * Record something, now or once there is a registry.
	 * @param recording what to record
	 */
	final void record(Consumer<MeterRegistry> recording) {
		if (!this.replayed && keep(recording)) {
			return;
		}
		MeterRegistry bound = this.registry;
		if (bound != null) {
			recording.accept(bound);
		}
	}

	private synchronized boolean keep(Consumer<MeterRegistry> recording) {
		if (this.replayed) {
			return false;
		}
		if (this.early.size() < MAX_EARLY) {
			this.early.add(recording);
		}
		return true;
	}

}
