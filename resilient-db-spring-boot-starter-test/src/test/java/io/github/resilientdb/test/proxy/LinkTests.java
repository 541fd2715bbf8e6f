package io.github.resilientdb.test.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What arrives, in which order, and when.
 */
class LinkTests {

	private static final long MILLISECOND = Duration.ofMillis(1).toNanos();

	private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();

	private final List<Runnable> threads = new ArrayList<>();

	private long latency;

	private final Link link = link(this.arrived);

	@Test
	void deliversAtOnceWithoutLatencyAndWithoutAThread() {
		send("a");
		send("b");
		this.link.finish(() -> this.arrived.write('.'));
		assertThat(this.arrived).hasToString("ab.");
		assertThat(this.threads).isEmpty();
	}

	@Test
	void deliversLaterWhatIsSentThenInOrderOnOneThread() {
		this.latency = MILLISECOND;
		long sent = System.nanoTime();
		byte[] data = "ab".getBytes();
		this.link.send(data, 0, 1, sent);
		this.link.send(data, 1, 1, sent);
		data[0] = 'x'; // the buffer is used again
		this.link.finish(() -> this.arrived.write('.'));
		assertThat(this.arrived.size()).isZero();
		assertThat(this.threads).hasSize(1);
		this.threads.get(0).run();
		assertThat(System.nanoTime() - sent).isGreaterThanOrEqualTo(MILLISECOND);
		assertThat(this.arrived).hasToString("ab.");
	}

	@Test
	void nothingOvertakesWhatIsUnderWayWhenTheLatencyEnds() {
		this.latency = MILLISECOND;
		send("a");
		this.latency = 0;
		send("b");
		assertThat(this.arrived.size()).isZero();
		this.link.finish(() -> this.arrived.write('.'));
		this.threads.get(0).run();
		assertThat(this.arrived).hasToString("ab.");
	}

	@Test
	void countsTheLatencyFromTheArrivalInTheProxy() {
		this.latency = Duration.ofDays(1).toNanos();
		this.link.send(new byte[] { 'a' }, 0, 1, System.nanoTime() - this.latency);
		this.latency = 1;
		this.link.finish(() -> {
		});
		this.threads.get(0).run();
		assertThat(this.arrived).hasToString("a");
	}

	@Test
	void remembersThatSomethingWasSwallowed() {
		this.link.swallow(true);
		assertThat(this.link.isLossy()).isFalse();
		send("a");
		assertThat(this.link.isLossy()).isTrue();
		this.link.swallow(false);
		assertThat(this.link.isLossy()).as("for ever").isTrue();
		assertThat(this.arrived.size()).isZero();
	}

	/**
	 * Whether a packet arrives is decided when it would.
	 */
	@Test
	void swallowsWhatIsUnderWay() {
		this.latency = MILLISECOND;
		send("a");
		this.link.swallow(true);
		this.link.finish(() -> {
		});
		this.threads.get(0).run();
		assertThat(this.arrived.size()).isZero();
		assertThat(this.link.isLossy()).isTrue();
	}

	@Test
	void writesNothingMoreToAConnectionThatIsBroken() {
		List<Integer> attempts = new ArrayList<>();
		Link broken = link(new OutputStream() {

			@Override
			public void write(int value) throws IOException {
				attempts.add(value);
				throw new IOException("Broken pipe");
			}

		});
		broken.send(new byte[] { 'a' }, 0, 1, 0);
		broken.send(new byte[] { 'b' }, 0, 1, 0);
		assertThat(attempts).containsExactly((int) 'a');
		assertThat(broken.isLossy()).as("whoever reads from it notices").isFalse();
	}

	@Test
	void endsItsThreadWhenTheProxyIsClosed() {
		this.latency = Duration.ofDays(1).toNanos();
		send("a");
		Thread.currentThread().interrupt();
		this.threads.get(0).run();
		assertThat(this.arrived.size()).isZero();
		assertThat(Thread.interrupted()).isFalse();
	}

	private void send(String data) {
		this.link.send(data.getBytes(), 0, data.length(), System.nanoTime());
	}

	private Link link(OutputStream output) {
		return new Link("test", output, () -> this.latency, (name, task) -> this.threads.add(task));
	}

}
