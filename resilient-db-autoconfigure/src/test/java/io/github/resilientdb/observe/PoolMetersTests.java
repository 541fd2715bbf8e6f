package io.github.resilientdb.observe;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolMeters}.
 */
class PoolMetersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final PoolMeters meters = new PoolMeters();

	@Test
	void anOutageThatEndsWhileTheRegistryIsBoundIsOver() throws Exception {
		CountDownLatch replaying = new CountDownLatch(1);
		CountDownLatch ended = new CountDownLatch(1);
		this.registry.config().meterFilter(new MeterFilter() {

			@Override
			public MeterFilterReply accept(Meter.Id id) {
				if (id.getName().equals("resilientdb.disconnects")) {
					replaying.countDown();
					await(ended);
				}
				return MeterFilterReply.NEUTRAL;
			}

		});
		this.meters.disconnected("bank", "eof", Phase.CONNECT, null);
		this.meters.outageBegan("bank", "eof");
		Thread binding = new Thread(() -> this.meters.bindTo(this.registry));
		binding.start();
		replaying.await();
		Thread ending = new Thread(() -> this.meters.outageEnded("bank", Duration.ofSeconds(1)));
		ending.start();
		ended.countDown();
		binding.join();
		ending.join();
		assertThat(this.registry.get("resilientdb.outage.active").longTaskTimer().activeTasks()).isZero();
		assertThat(this.registry.get("resilientdb.outage").timer().count()).isOne();
	}

	@Test
	void anOutageThatBeganBeforeThousandsOfLossesIsShownAndEnds() {
		for (int i = 0; i < 2000; i++) {
			this.meters.disconnected("bank", "eof", Phase.CONNECT, null);
		}
		this.meters.outageBegan("bank", "eof");
		this.meters.bindTo(this.registry);
		assertThat(this.registry.get("resilientdb.outage.active").longTaskTimer().activeTasks()).isOne();
		this.meters.outageEnded("bank", Duration.ofSeconds(1));
		assertThat(this.registry.get("resilientdb.outage.active").longTaskTimer().activeTasks()).isZero();
	}

	@Test
	void anOutageGoesOnInARegistryThatIsAddedLater() {
		SimpleMeterRegistry later = new SimpleMeterRegistry();
		this.meters.bindTo(this.registry);
		this.meters.outageBegan("bank", "eof");
		this.meters.bindTo(later);
		assertThat(later.get("resilientdb.outage.active").longTaskTimer().activeTasks()).isOne();
		this.meters.outageAbandoned("bank");
		assertThat(later.get("resilientdb.outage.active").longTaskTimer().activeTasks()).isZero();
		assertThat(this.registry.get("resilientdb.outage.active").longTaskTimer().activeTasks()).isZero();
		assertThat(later.find("resilientdb.outage").timer()).isNull();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
