package io.github.resilientdb.pool.connect;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.OutageNews;
import io.github.resilientdb.SafeListeners;
import io.github.resilientdb.pool.connect.OutageState.Report;
import io.github.resilientdb.pool.connect.OutageState.Signal;
import io.github.resilientdb.pool.connect.OutageState.Transition;
import org.jspecify.annotations.Nullable;

/**
 * What the operator hears of a database that is away: the time from the first connection
 * that can't be opened to the first answer, whoever got it. (An {@link Absence} is what
 * those know who wait for a connection meanwhile.) A lost connection alone is no outage.
 * While an outage lasts, a thread of its own asks for an answer, so that it ends without
 * traffic too.
 * <p>
 * Thread-safe. Reports leave one at a time and in order, whatever the listener does: who
 * finds another thread reporting leaves its own report to that.
 */
public final class Outage {

	static final Duration ASK_EVERY = OutageNews.BRIEF;

	private final Supplier<String> pool;

	private final ConnectionPoolListener listener;

	private final BooleanSupplier answers;

	private final Duration askEvery;

	private final LongSupplier nanoTime;

	private final OutageLines lines;

	private final Queue<Runnable> reports = new ArrayDeque<>();

	private volatile OutageState state = OutageState.ANSWERING;

	private long since;

	private boolean reporting;

	private @Nullable Thread asking;

	private @Nullable Long lossLogged;

	/**
	 * Create the state of a pool that answers.
	 * @param pool the name of the pool
	 * @param listener receives the beginning and the end of each outage
	 * @param answers asks the database for an answer
	 */
	Outage(Supplier<String> pool, ConnectionPoolListener listener, BooleanSupplier answers) {
		this(pool, listener, answers, ASK_EVERY, System::nanoTime);
	}

	Outage(Supplier<String> pool, ConnectionPoolListener listener, BooleanSupplier answers, Duration askEvery,
			LongSupplier nanoTime) {
		this.pool = pool;
		this.listener = listener;
		this.answers = answers;
		this.askEvery = askEvery;
		this.nanoTime = nanoTime;
		this.lines = new OutageLines(pool, nanoTime);
	}

	/**
	 * A connection could not be opened.
	 * @param reason why
	 * @param failure the failure
	 */
	void connectFailed(String reason, Throwable failure) {
		synchronized (this) {
			Transition transition = move(Signal.CONNECT_FAILED);
			if (transition.report() == Report.BEGAN) {
				this.since = this.nanoTime.getAsLong();
				this.reports.add(() -> began(reason, failure));
			}
			if (transition.next() == OutageState.OUT && this.asking == null) {
				Thread thread = new Thread(this::ask, "resilientdb-outage-" + this.pool.get());
				thread.setDaemon(true);
				thread.start();
				this.asking = thread;
			}
		}
		report();
	}

	/**
	 * The database answered.
	 * @param asked when it was asked, as a value of {@link System#nanoTime()}: what was
	 * asked before an outage began does not end it
	 */
	public void answered(long asked) {
		if (this.state != OutageState.OUT) {
			return;
		}
		synchronized (this) {
			if (this.state == OutageState.OUT && asked - this.since < 0) {
				return;
			}
			if (move(Signal.ANSWERED).report() == Report.ENDED) {
				Duration length = Duration.ofNanos(this.nanoTime.getAsLong() - this.since);
				this.reports.add(() -> ended(length));
				notifyAll();
			}
		}
		report();
	}

	/**
	 * The pool is closed.
	 */
	void close() {
		synchronized (this) {
			if (move(Signal.POOL_CLOSED).report() == Report.ABANDONED) {
				this.reports.add(() -> this.listener.outageAbandoned(this.pool.get()));
			}
			notifyAll();
		}
		report();
	}

	/**
	 * Log that connections were lost. While the database is out, that says nothing new.
	 * @param reason why
	 * @param failure the failure
	 * @param phase what the first of them was needed for
	 * @param connections how many others are in doubt
	 */
	public void connectionLost(String reason, Throwable failure, Phase phase, int connections) {
		synchronized (this) {
			long now = this.nanoTime.getAsLong();
			if (this.state == OutageState.OUT
					|| (this.lossLogged != null && now - this.lossLogged < OutageNews.QUIET.toNanos())) {
				return;
			}
			this.lossLogged = now;
		}
		this.lines.lost(reason, failure, phase, connections);
	}

	private Transition move(Signal signal) {
		Transition transition = this.state.on(signal);
		this.state = transition.next();
		return transition;
	}

	private void began(String reason, Throwable failure) {
		this.lines.began(reason, failure);
		this.listener.outageBegan(this.pool.get(), reason);
	}

	private void ended(Duration length) {
		this.lines.ended();
		this.listener.outageEnded(this.pool.get(), length);
	}

	private void report() {
		Runnable next = nextReport();
		while (next != null) {
			try {
				SafeListeners.tell(next, Runnable::run);
			}
			finally {
				synchronized (this) {
					this.reporting = false;
				}
			}
			next = nextReport();
		}
	}

	private synchronized @Nullable Runnable nextReport() {
		if (this.reporting) {
			return null;
		}
		Runnable next = this.reports.poll();
		this.reporting = next != null;
		return next;
	}

	private void ask() {
		boolean ended = false;
		try {
			while (isStillOut()) {
				report();
				long asked = this.nanoTime.getAsLong();
				if (this.answers.getAsBoolean()) {
					answered(asked);
				}
			}
			ended = true;
		}
		finally {
			if (!ended) {
				endAsking();
			}
		}
	}

	private synchronized boolean isStillOut() {
		long until = System.nanoTime() + this.askEvery.toNanos();
		try {
			for (long left = until - System.nanoTime(); left > 0
					&& this.state == OutageState.OUT; left = until - System.nanoTime()) {
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
		}
		catch (InterruptedException ex) {
			// By someone who ends all threads; the next failure to connect begins anew
			this.asking = null;
			return false;
		}
		boolean out = this.state == OutageState.OUT;
		if (out) {
			this.reports.add(this.lines::goesOn);
		}
		else {
			this.asking = null;
		}
		return out;
	}

	private synchronized void endAsking() {
		this.asking = null;
	}

}
