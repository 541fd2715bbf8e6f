package io.github.resilientdb.pool.connect;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProbeBudgetTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final ProbeBudget budget = new ProbeBudget();

	private long attemptsWithinASecond(ConnectFailure last, int hosts) {
		long attempts = 0;
		while (this.budget.reserve(last, hosts, 0) < SECOND) {
			attempts++;
		}
		return attempts * hosts;
	}

	@Test
	void theFirstAttemptMayBeMadeAtOnce() {
		assertThat(this.budget.reserve(ConnectFailure.REFUSED, 1, 4711)).isEqualTo(4711);
	}

	@Test
	void attemptsThatCostTheServerLittleAreFewerThanAHundredASecondOverAllHosts() {
		assertThat(attemptsWithinASecond(ConnectFailure.REFUSED, 1)).isBetween(60L, 100L);
		assertThat(new ProbeBudgetTests().attemptsWithinASecond(ConnectFailure.REFUSED, 3)).isBetween(60L, 100L);
	}

	@Test
	void attemptsThatTheServerAnswersAreFewerThanForty() {
		assertThat(attemptsWithinASecond(ConnectFailure.NOT_YET, 1)).isBetween(20L, 40L);
	}

	@Test
	void oneKindDoesNotWaitForTheOther() {
		this.budget.reserve(ConnectFailure.REFUSED, 80, 0);
		assertThat(this.budget.reserve(ConnectFailure.NOT_YET, 1, 0)).isZero();
	}

	@Test
	void whatWasNotUsedIsNotSaved() {
		this.budget.reserve(ConnectFailure.REFUSED, 1, 0);
		assertThat(this.budget.reserve(ConnectFailure.REFUSED, 1, 10 * SECOND)).isEqualTo(10 * SECOND);
		assertThat(this.budget.reserve(ConnectFailure.REFUSED, 1, 0)).isGreaterThan(10 * SECOND);
	}

}
