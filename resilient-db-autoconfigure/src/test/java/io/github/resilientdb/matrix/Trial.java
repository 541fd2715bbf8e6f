package io.github.resilientdb.matrix;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.matrix.Cell.Access;
import io.github.resilientdb.matrix.MatrixApplication.Notes;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One call of a retryable method, and what became of it.
 */
final class Trial {

	/**
	 * What a call may take that has no reason to wait, on a busy machine.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(50);

	/**
	 * What a hurried one may take beyond its deadline, on a busy machine: less than
	 * whoever knows no deadline waits.
	 */
	private static final Duration GRACE = Duration.ofSeconds(6);

	private final MatrixApplication application;

	private final Access access;

	private final String text;

	private final AtomicInteger attempts = new AtomicInteger();

	private final AtomicInteger afterCommits = new AtomicInteger();

	private final List<Integer> statuses = new CopyOnWriteArrayList<>();

	private final List<Integer> backends = new CopyOnWriteArrayList<>();

	private volatile @Nullable Object result;

	private volatile @Nullable Throwable failure;

	Trial(MatrixApplication application, Access access, String text) {
		this.application = application;
		this.access = access;
		this.text = text;
	}

	Notes notes() {
		return this.application.notes();
	}

	String text() {
		return this.text;
	}

	/**
	 * Write the note of this trial.
	 */
	void write() {
		notes().write(this.access, this.text);
	}

	@Nullable String find(String text) {
		return notes().find(this.access, text);
	}

	void lock() {
		notes().lock(this.access);
	}

	/**
	 * End the session of the current attempt, which must exist.
	 */
	void endSession() {
		assertThat(this.application.server().terminateBackend(backend())).as("a session was ended").isTrue();
	}

	int backend() {
		return this.backends.get(this.backends.size() - 1);
	}

	/**
	 * Make the call.
	 * @param attempt what each attempt does, by its number
	 */
	void call(IntFunction<@Nullable Object> attempt) {
		call(false, PATIENCE, attempt);
	}

	/**
	 * Make a call that has a short deadline, and fail if it is overrun.
	 * @param attempt what each attempt does, by its number
	 */
	void callHurried(IntFunction<@Nullable Object> attempt) {
		call(true, Notes.SHORT.plus(GRACE), attempt);
	}

	private void call(boolean hurried, Duration bound, IntFunction<@Nullable Object> attempt) {
		Notes notes = notes();
		Thread caller = new Thread(() -> {
			try {
				this.result = Notes.run(notes, this.access, hurried, () -> attempt(attempt));
			}
			catch (Throwable ex) {
				this.failure = ex;
			}
		}, "matrix-caller");
		caller.setDaemon(true);
		caller.start();
		long start = System.nanoTime();
		boolean ended = join(caller, bound);
		if (!ended) {
			StackTraceElement[] where = caller.getStackTrace();
			this.application.proxy().heal();
			boolean endedLater = join(caller, PATIENCE);
			AssertionError error = new AssertionError("The call waited beyond %s%s, at:".formatted(bound, endedLater
					? " until the network was healed, " + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms"
					: " for good"));
			error.setStackTrace(where);
			throw error;
		}
		if (this.failure instanceof AssertionError error) {
			throw error;
		}
	}

	private static boolean join(Thread thread, Duration bound) {
		try {
			thread.join(bound.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return !thread.isAlive();
	}

	private @Nullable Object attempt(IntFunction<@Nullable Object> attempt) {
		int number = this.attempts.incrementAndGet();
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				Trial.this.afterCommits.incrementAndGet();
			}

			@Override
			public void afterCompletion(int status) {
				Trial.this.statuses.add(status);
			}

		});
		this.backends.add(notes().backend(this.access, this.application.setup().kind()));
		return attempt.apply(number);
	}

	@Nullable Object result() {
		return this.result;
	}

	/**
	 * Fail unless the call returned after some attempts, its note is there once, and its
	 * callbacks ran once.
	 */
	void assertReturnedAfter(int attempts) {
		assertThat(this.failure).as("what the call threw").isNull();
		assertThat(this.attempts).as("attempts").hasValue(attempts);
		assertThat(rows()).as("rows").isEqualTo(1);
		assertThat(this.afterCommits).as("callbacks after the commit").hasValue(1);
		assertThat(this.statuses).last().isEqualTo(TransactionSynchronization.STATUS_COMMITTED);
	}

	/**
	 * Fail unless the call says after one attempt that nobody knows.
	 */
	void assertUnknown(int rows) {
		assertThat(this.failure).as("what the call threw").isInstanceOf(TransactionOutcomeUnknownException.class);
		assertThat(this.attempts).as("attempts").hasValue(1);
		assertThat(rows()).as("rows").isEqualTo(rows);
		assertThat(this.afterCommits).as("callbacks after the commit").hasValue(0);
		assertThat(this.statuses).containsExactly(TransactionSynchronization.STATUS_UNKNOWN);
	}

	/**
	 * Fail unless the call threw before anything was done.
	 */
	void assertFailedBeforeItBegan() {
		assertThat(this.failure).as("what the call threw")
			.isNotNull()
			.isNotInstanceOf(TransactionOutcomeUnknownException.class);
		// JPA may begin without a connection
		assertThat(this.backends).as("connections").isEmpty();
		assertThat(rows()).as("rows").isZero();
	}

	boolean isUnknown() {
		return this.failure instanceof TransactionOutcomeUnknownException;
	}

	private int rows() {
		return this.application.rows(this.text);
	}

}
