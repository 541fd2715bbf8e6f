package com.example.bank.trial;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import com.example.bank.trial.Fault.Action;
import com.example.bank.trial.TrialEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * Breaks things on request, and tells what is broken. Everything that is broken mends
 * itself after a while, or when it is ended.
 */
public class Breaker implements AutoCloseable {

	private final Function<FaultKind, Action> actions;

	private final Function<FaultKind, @Nullable String> reasonsAgainst;

	private final EventLog log;

	private final Map<FaultKind, Fault> inForce = new EnumMap<>(FaultKind.class);

	Breaker(Function<FaultKind, Action> actions, Function<FaultKind, @Nullable String> reasonsAgainst, EventLog log) {
		this.actions = actions;
		this.reasonsAgainst = reasonsAgainst;
		this.log = log;
	}

	/**
	 * Return what is broken, and what can be.
	 * @return the status of each fault
	 */
	public synchronized List<FaultStatus> status() {
		return Arrays.stream(FaultKind.values()).map((kind) -> {
			Fault fault = this.inForce.get(kind);
			return new FaultStatus(kind, fault != null, (fault != null) ? fault.progress() : null,
					(fault != null) ? null : unavailable(kind));
		}).toList();
	}

	private @Nullable String unavailable(FaultKind kind) {
		String reason = this.reasonsAgainst.apply(kind);
		boolean stopped = this.inForce.containsKey(FaultKind.RESTART) || this.inForce.containsKey(FaultKind.CRASH);
		boolean needsServer = kind == FaultKind.RESTART || kind == FaultKind.CRASH || kind == FaultKind.SESSIONS;
		return (reason == null && stopped && needsServer) ? "The server is not running at the moment." : reason;
	}

	/**
	 * Break something. If it is broken already, that stays as it is.
	 * @param kind what
	 * @throws IllegalStateException if it can't be broken now
	 */
	public synchronized void begin(FaultKind kind) {
		if (this.inForce.containsKey(kind)) {
			return;
		}
		String unavailable = unavailable(kind);
		if (unavailable != null) {
			throw new IllegalStateException(unavailable);
		}
		Fault fault = new Fault();
		this.inForce.put(kind, fault);
		Thread thread = new Thread(() -> run(kind, fault), "fault-" + kind.id());
		thread.setDaemon(true);
		thread.start();
	}

	private void run(FaultKind kind, Fault fault) {
		this.log.add(null, Type.FAULT, kind.effect());
		String outcome = "over: " + kind.effect();
		try {
			this.actions.apply(kind).run(fault);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			outcome = "could not be done: %s (%s)".formatted(kind.label(), ex.getMessage());
		}
		finally {
			synchronized (this) {
				this.inForce.remove(kind);
				this.log.add(null, Type.HEALED, outcome);
			}
			fault.over();
		}
	}

	/**
	 * Mend something. It may take a moment.
	 * @param kind what
	 */
	public synchronized void end(FaultKind kind) {
		Fault fault = this.inForce.get(kind);
		if (fault != null) {
			fault.end();
		}
	}

	/**
	 * Wait until something is not broken any more.
	 * @param kind what
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void await(FaultKind kind) throws InterruptedException {
		Fault fault;
		synchronized (this) {
			fault = this.inForce.get(kind);
		}
		if (fault != null) {
			fault.awaitOver();
		}
	}

	/**
	 * Mend everything.
	 */
	@Override
	public void close() {
		List<Fault> faults;
		synchronized (this) {
			faults = List.copyOf(this.inForce.values());
		}
		faults.forEach(Fault::end);
		try {
			for (Fault fault : faults) {
				fault.awaitOver();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
