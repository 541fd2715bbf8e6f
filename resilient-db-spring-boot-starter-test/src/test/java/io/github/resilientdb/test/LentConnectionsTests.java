package io.github.resilientdb.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a method that closes nothing leaves in its pool.
 */
class LentConnectionsTests {

	private final Pool pool = new Pool();

	private final LentConnections lent = new LentConnections(Duration.ofMillis(20));

	LentConnectionsTests() {
		this.lent.watch("orders", this.pool);
		this.lent.watch("other", new Object());
	}

	@Test
	void saysWhatIsMissingAndMakesUpForIt() throws Exception {
		Map<String, Integer> before = this.lent.count();
		this.pool.activeConnections = 3;
		assertThat(this.lent.left(before)).startsWith(Judge.LENT + "2 of 'orders' lent and not returned");
		assertThat(this.pool.maximumPoolSize).isEqualTo(12);
	}

	@Test
	void saysNothingIfAllAreBack() throws Exception {
		Map<String, Integer> before = this.lent.count();
		this.pool.activeConnections = 0;
		assertThat(this.lent.left(before)).isEmpty();
		assertThat(this.pool.maximumPoolSize).isEqualTo(10);
	}

	@Test
	void failsARunThatWasFineOtherwise() {
		RoundTrip at = new RoundTrip(1, "db", List.of("BEGIN"));
		Finding same = new Finding(at, FaultKind.REPLY_LOST, Verdict.SAME, "", List.of(at), 2);
		assertThat(same.leaving("")).isSameAs(same);
		assertThat(same.leaving(Judge.LENT + "1").verdict()).isEqualTo(Verdict.DIFFERENT);
		assertThat(same.leaving(Judge.LENT + "1").message()).contains("try-with-resources");
	}

	/**
	 * Looks like a HikariCP data source, and its pool.
	 */
	public static class Pool {

		private int activeConnections = 1;

		private int maximumPoolSize = 10;

		public Pool getHikariPoolMXBean() {
			return this;
		}

		public int getActiveConnections() {
			return this.activeConnections;
		}

		public int getMaximumPoolSize() {
			return this.maximumPoolSize;
		}

		public void setMaximumPoolSize(int maximumPoolSize) {
			this.maximumPoolSize = maximumPoolSize;
		}

	}

}
