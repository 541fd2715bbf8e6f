package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds wherever a thread waits.
 */
// The interrupt flag is that of the test's thread
@Timeout(value = 30, threadMode = ThreadMode.SAME_THREAD)
abstract class WaitingPlaceContract {

	static final int READ = SelectionKey.OP_READ;

	final ChannelPair pair = ChannelPair.open();

	@AfterEach
	void close() throws Exception {
		Thread.interrupted();
		this.pair.close();
	}

	/**
	 * Take a place for the current thread.
	 */
	abstract WaitingPlace take() throws IOException;

	FutureTask<WaitingPlace> waiting(ChannelPair pair, int operations) {
		FutureTask<WaitingPlace> task = new FutureTask<>(() -> {
			WaitingPlace place = take();
			place.await(pair.channel(), operations, Readiness.UNLIMITED);
			place.leave(pair.channel());
			return place;
		});
		Thread thread = new Thread(task, "waiting");
		thread.setDaemon(true);
		thread.start();
		return task;
	}

	@Test
	void returnsWhenThereIsSomethingToRead() throws Exception {
		FutureTask<WaitingPlace> waiting = waiting(this.pair, READ);
		this.pair.send(1);
		assertThat(waiting.get(20, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void returnsAtOnceIfThereIsSomethingAlready() throws IOException {
		this.pair.send(1);
		WaitingPlace place = take();
		place.await(this.pair.channel(), READ, Readiness.UNLIMITED);
		place.leave(this.pair.channel());
	}

	@Test
	void returnsWhenThePeerIsGone() throws Exception {
		FutureTask<WaitingPlace> waiting = waiting(this.pair, READ);
		this.pair.peer().close();
		assertThat(waiting.get(20, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void returnsWhenThereIsRoomToWrite() throws Exception {
		assertThat(waiting(this.pair, SelectionKey.OP_WRITE).get(20, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void returnsWhenTimeIsUp() throws IOException {
		WaitingPlace place = take();
		long start = System.nanoTime();
		place.await(this.pair.channel(), READ, Duration.ofMillis(20).toNanos());
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
		place.leave(this.pair.channel());
	}

	@Test
	void interruptNeitherEndsTheWaitNorIsLost() throws IOException {
		WaitingPlace place = take();
		Thread.currentThread().interrupt();
		long start = System.nanoTime();
		place.await(this.pair.channel(), READ, Duration.ofMillis(20).toNanos());
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
		assertThat(Thread.interrupted()).isTrue();
		place.leave(this.pair.channel());
	}

	@Test
	void isWokenUpEvenBeforeItWaits() throws IOException {
		WaitingPlace place = take();
		place.wakeUp();
		place.await(this.pair.channel(), READ, Readiness.UNLIMITED);
		place.leave(this.pair.channel());
	}

	@Test
	void isWokenUpByAnotherThread() throws Exception {
		WaitingPlace place = take();
		Thread waiting = Thread.currentThread();
		Thread waker = new Thread(() -> {
			Awaitility.await().until(() -> waiting.getState() != Thread.State.RUNNABLE || isSelecting(waiting));
			place.wakeUp();
		});
		waker.start();
		place.await(this.pair.channel(), READ, Readiness.UNLIMITED);
		place.leave(this.pair.channel());
		waker.join();
	}

	private static boolean isSelecting(Thread thread) {
		for (StackTraceElement frame : thread.getStackTrace()) {
			if (frame.getMethodName().equals("select")) {
				return true;
			}
		}
		return false;
	}

}
