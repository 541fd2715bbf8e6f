package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Readiness}.
 */
class ReadinessTests {

	private final ChannelPair pair = ChannelPair.open();

	private final WaitingPlaces places = new WaitingPlaces();

	private final Readiness readiness = new Readiness(this.pair.channel(), this.places);

	ReadinessTests() {
		this.places.opened();
	}

	@AfterEach
	void close() throws IOException {
		this.places.close(this.pair.channel());
		this.pair.close();
	}

	@Test
	void waitsAgainAndAgain() throws IOException {
		for (int i = 0; i < 3; i++) {
			this.pair.send(i);
			this.readiness.enter();
			this.readiness.await(SelectionKey.OP_READ, Readiness.UNLIMITED);
			this.readiness.leave();
		}
	}

	@Test
	void wakeUpBetweenTheAnnouncementAndTheWaitIsNoticed() throws IOException {
		this.readiness.enter();
		this.readiness.wakeUp();
		this.readiness.await(SelectionKey.OP_READ, Readiness.UNLIMITED);
		this.readiness.leave();
	}

	@Test
	void wakeUpOfNobodyIsForgotten() throws IOException {
		this.readiness.wakeUp();
		this.readiness.enter();
		long start = System.nanoTime();
		this.readiness.await(SelectionKey.OP_READ, Duration.ofMillis(20).toNanos());
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
		this.readiness.leave();
	}

	@Test
	void secondThreadWaitsForItsTurn() throws Exception {
		this.readiness.enter();
		FutureTask<Void> second = new FutureTask<>(() -> {
			this.readiness.enter();
			this.readiness.leave();
			return null;
		});
		Thread thread = new Thread(second, "second");
		thread.start();
		assertThat(second).isNotDone();
		this.readiness.leave();
		second.get(20, TimeUnit.SECONDS);
		thread.join();
	}

	@Test
	void placeThatCannotBeHadKeepsNobodyElseOut() throws Exception {
		this.pair.channel().close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(this.readiness::enter);
		FutureTask<Void> second = new FutureTask<>(() -> {
			this.readiness.enter();
			return null;
		});
		Thread thread = new Thread(second, "second");
		thread.start();
		thread.join(TimeUnit.SECONDS.toMillis(20));
		assertThat(second).isDone();
	}

}
