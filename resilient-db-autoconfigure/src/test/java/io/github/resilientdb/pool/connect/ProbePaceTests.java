package io.github.resilientdb.pool.connect;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ProbePaceTests {

	@ParameterizedTest
	@CsvSource({ "REFUSED, 0, 0, 25", "SILENT, 59, 1, 25", "REFUSED, 60, 0, 250", "NOT_YET, 0, 0, 80",
			"NOT_YET, 0, 1, 120", "NOT_YET, 61, 0, 800" })
	void asksOftenAtFirst(ConnectFailure last, long seconds, double random, long millis) {
		assertThat(Duration.ofNanos(ProbePace.pause(last, Duration.ofSeconds(seconds).toNanos(), random)))
			.isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@CsvSource({ "1, 1000", "2, 500", "3, 500", "4, 1000", "100, 1000" })
	void asksASilentAddressMoreOftenUntilSomebodyIsPatient(int attempt, long millis) {
		assertThat(Duration.ofNanos(ProbePace.patience(attempt))).isEqualTo(Duration.ofMillis(millis));
	}

	@Test
	void allPoolsShareARateOfCheapOnes() {
		assertThat(madeWithin(ConnectFailure.REFUSED)).isBetween(80, 100);
	}

	@Test
	void allPoolsShareARateOfCostlyOnes() {
		assertThat(madeWithin(ConnectFailure.NOT_YET)).isBetween(30, 40);
	}

	@Test
	void severalHostsCountSeverally() {
		ProbeBudget budget = new ProbeBudget();
		budget.reserve(ConnectFailure.REFUSED, 3, 0);
		assertThat(budget.reserve(ConnectFailure.REFUSED, 1, 0)).isGreaterThan(Duration.ofMillis(30).toNanos());
	}

	/**
	 * How many attempts twenty pools make within a second.
	 */
	private static int madeWithin(ConnectFailure last) {
		ProbeBudget budget = new ProbeBudget();
		long second = Duration.ofSeconds(1).toNanos();
		long[] next = new long[20];
		int made = 0;
		while (true) {
			int earliest = 0;
			for (int i = 1; i < next.length; i++) {
				earliest = (next[i] < next[earliest]) ? i : earliest;
			}
			long at = budget.reserve(last, 1, next[earliest]);
			if (at >= second) {
				return made;
			}
			made++;
			next[earliest] = at + ProbePace.pause(last, at, 0);
		}
	}

}
