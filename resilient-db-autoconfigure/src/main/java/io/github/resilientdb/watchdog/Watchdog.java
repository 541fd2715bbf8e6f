package io.github.resilientdb.watchdog;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.resilientdb.watchdog.Servers.Reached;
import io.github.resilientdb.watchdog.Servers.Visit;
import io.github.resilientdb.watchdog.Step.Cut;
import io.github.resilientdb.watchdog.Step.LookAgain;
import io.github.resilientdb.watchdog.Step.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into the calls of one pool that have waited long for an answer, and ends those
 * that will get none. Has a thread only while there are such calls.
 */
public final class Watchdog implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Watchdog.class);

	// three of them in a row tell of a server that can't be reached
	private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(800);

	private static final long LONGEST_VISIT = TimeUnit.SECONDS.toNanos(3);

	// for noticing that calls have ended by themselves
	private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

	private final Supplier<@Nullable String> pool;

	private final long after;

	private final Servers servers;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	// guarded by the lock
	private final List<Watched> calls = new ArrayList<>();

	private @Nullable Thread thread;

	private boolean closed;

	/**
	 * Create the watchdog of a pool.
	 * @param pool the name of the pool
	 * @param after how long the calls have waited that it is told of, in nanoseconds
	 * @param servers the servers of the pool
	 */
	public Watchdog(Supplier<@Nullable String> pool, long after, Servers servers) {
		this.pool = pool;
		this.after = after;
		this.servers = servers;
	}

	/**
	 * Look into a call. Returns at once.
	 * @param call a call that has waited long
	 */
	public void watch(WaitingCall call) {
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			this.calls.add(new Watched(call));
			this.changed.signalAll();
			if (this.thread == null) {
				Thread thread = new Thread(this::run, this.pool.get() + " watchdog");
				thread.setDaemon(true);
				this.thread = thread;
				thread.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void run() {
		try {
			List<Watched> due = awaitDue();
			while (!due.isEmpty()) {
				byAddress(due).forEach(this::lookInto);
				due = awaitDue();
			}
		}
		catch (RuntimeException | Error ex) {
			logger.warn("Calls of pool {} that wait for an answer are no longer looked into", this.pool.get(), ex);
			stopped();
			throw ex;
		}
	}

	/**
	 * Wait for calls that are due.
	 * @return the calls, empty if none is left
	 */
	private List<Watched> awaitDue() {
		this.lock.lock();
		try {
			while (true) {
				this.calls.removeIf((watched) -> watched.call.isOver());
				if (this.closed || this.calls.isEmpty()) {
					this.thread = null;
					return List.of();
				}
				long now = System.nanoTime();
				List<Watched> due = this.calls.stream().filter((watched) -> watched.due - now <= 0).toList();
				if (!due.isEmpty()) {
					return due;
				}
				long next = this.calls.stream().mapToLong((watched) -> watched.due - now).min().orElse(0);
				this.changed.awaitNanos(Math.min(next, LONGEST_PAUSE));
			}
		}
		catch (InterruptedException ex) {
			this.thread = null; // nobody interrupts this thread
			return List.of();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void stopped() {
		this.lock.lock();
		try {
			this.calls.clear();
			this.thread = null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private static Map<String, List<Watched>> byAddress(List<Watched> due) {
		Map<String, List<Watched>> result = new LinkedHashMap<>();
		for (Watched watched : due) {
			result.computeIfAbsent(watched.call.address(), (address) -> new ArrayList<>()).add(watched);
		}
		return result;
	}

	private void lookInto(String address, List<Watched> calls) {
		long began = System.nanoTime();
		Visit visit = this.servers.visit(address, PATIENCE, began + LONGEST_VISIT);
		try {
			for (Watched watched : calls) {
				if (!watched.call.isOver()) {
					lookInto(watched, visit, began);
				}
			}
		}
		finally {
			if (visit instanceof Reached reached) {
				reached.close();
			}
		}
	}

	private void lookInto(Watched watched, Visit visit, long began) {
		Look look = watched.look(visit);
		long now = System.nanoTime();
		watched.inquiry = watched.inquiry.noted(look, began, now);
		Step step = watched.inquiry.decide(look, now - watched.call.heardAt(), this.after, now);
		logger.atDebug()
			.addKeyValue("pool", this.pool.get())
			.log("Looked into a call that waits for an answer: {}, {}", look, step);
		if (step instanceof Cut cut) {
			cut(watched, visit, cut.reason());
		}
		else if (step instanceof LookAgain again) {
			// Attempts that fail at once must not count as a long silence
			long earliest = (look == Look.SILENT) ? began + PATIENCE : now;
			watched.due = later(now + Math.max(again.nanos(), watched.call.leftAlone()), earliest);
		}
	}

	private static long later(long one, long other) {
		return (one - other > 0) ? one : other;
	}

	private void cut(Watched watched, Visit visit, Reason reason) {
		WaitingCall call = watched.call;
		logger.atWarn()
			.addKeyValue("pool", this.pool.get())
			.addKeyValue("reason", reason)
			.log("A call of pool {} waits for an answer that will not come: {}. Its connection is closed",
					this.pool.get(), reason.text());
		String text = "No answer, and " + reason.text();
		if (reason == Reason.BACKEND_WAITS && visit instanceof Reached reached) {
			endBackend(call, reached);
		}
		if (reason == Reason.UNREACHABLE) {
			call.cutWithServer(text, watched.inquiry.silentSince());
		}
		call.cut(text);
	}

	private static void endBackend(WaitingCall call, Reached reached) {
		try {
			call.endBackend(reached.connection());
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("A server process that waits in vain could not be ended", ex);
		}
	}

	/**
	 * Stop looking into calls.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}
