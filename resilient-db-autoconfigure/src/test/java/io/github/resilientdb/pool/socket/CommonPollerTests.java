package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CommonPoller}.
 */
class CommonPollerTests extends WaitingPlaceContract {

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private Consumer<Thread> starter = Thread::start;

	private final CommonPoller poller = new CommonPoller((thread) -> {
		this.threads.add(thread);
		this.starter.accept(thread);
	});

	@Override
	WaitingPlace take() {
		return this.poller.visit();
	}

	@AfterEach
	void noThreadIsLeft() {
		Awaitility.await().until(() -> this.threads.stream().noneMatch(Thread::isAlive));
	}

	@Test
	void oneThreadServesManyChannels() throws Exception {
		List<ChannelPair> pairs = new ArrayList<>();
		List<FutureTask<WaitingPlace>> waiting = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			pairs.add(ChannelPair.open());
			waiting.add(waiting(pairs.get(i), READ));
			// the first one is served last, so the thread is there all the time
			Awaitility.await().until(() -> !this.threads.isEmpty());
		}
		for (int i = 19; i >= 0; i--) {
			pairs.get(i).send(1);
			assertThat(waiting.get(i).get(20, TimeUnit.SECONDS)).isNotNull();
		}
		assertThat(this.threads).hasSize(1);
		for (ChannelPair pair : pairs) {
			pair.close();
		}
	}

	@Test
	void oneChannelMayBeReadAndWrittenAtOnce() throws Exception {
		FutureTask<WaitingPlace> reading = waiting(this.pair, READ);
		assertThat(waiting(this.pair, SelectionKey.OP_WRITE).get(20, TimeUnit.SECONDS)).isNotNull();
		this.pair.send(1);
		assertThat(reading.get(20, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void channelThatIsClosedIsNotWaitedFor() throws IOException {
		WaitingPlace place = take();
		this.pair.channel().close();
		place.await(this.pair.channel(), READ, Readiness.UNLIMITED);
		place.leave(this.pair.channel());
	}

	@Test
	void threadThatCannotBeStartedLeavesNobodyWaiting() throws IOException {
		this.starter = (thread) -> {
			throw new OutOfMemoryError("unable to create native thread");
		};
		WaitingPlace place = take();
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> place.await(this.pair.channel(), READ, Readiness.UNLIMITED));
		place.leave(this.pair.channel());
		this.starter = Thread::start;
		this.pair.send(1);
		WaitingPlace next = take();
		long start = System.nanoTime();
		next.await(this.pair.channel(), READ, Duration.ofSeconds(20).toNanos());
		assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
		next.leave(this.pair.channel());
	}

}
