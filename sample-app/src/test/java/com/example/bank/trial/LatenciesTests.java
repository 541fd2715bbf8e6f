package com.example.bank.trial;

import java.time.Duration;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class LatenciesTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	@Test
	void knowsThoseOfTheLastTwoSecondsInOrder() {
		Latencies latencies = new Latencies();
		latencies.add(0, 7);
		latencies.add(SECOND, 9);
		latencies.add(2 * SECOND, 8);
		assertThat(latencies.recent(2 * SECOND)).containsExactly(7, 8, 9);
		assertThat(latencies.recent(3 * SECOND)).containsExactly(8, 9);
		assertThat(latencies.recent(10 * SECOND)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "1,0.5,1", "1,0.99,1", "2,0.5,1", "2,0.99,2", "100,0.5,50", "100,0.99,99", "1000,0.99,990" })
	void percentile(int count, double share, double milliseconds) {
		long[] sorted = LongStream.rangeClosed(1, count).map((number) -> number * 1_000_000).toArray();
		assertThat(Latencies.percentile(sorted, share)).isEqualTo(milliseconds);
	}

}
