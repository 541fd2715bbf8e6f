package io.github.resilientdb.pool.guard;

import io.github.resilientdb.FailureVerdict.Scope;
import io.github.resilientdb.pool.guard.Generations.Effect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class GenerationsTests {

	private final Generations generations = new Generations();

	@Test
	void nothingIsDoubtedWithoutAnIncident() {
		assertThat(this.generations.isDead(0, 0)).isFalse();
		assertThat(this.generations.isSuspect(0, 0)).isFalse();
	}

	@ParameterizedTest
	@EnumSource(names = { "NONE", "CONNECTION" })
	void aFailureOfOneConnectionConcernsNoOther(Scope scope) {
		assertThat(this.generations.disconnected(0, 0, scope, 10)).isEqualTo(Effect.NONE);
		assertThat(this.generations.isSuspect(0, 0)).isFalse();
		assertThat(this.generations.current()).isZero();
	}

	@Test
	void theFirstDeathMakesOlderConnectionsSuspect() {
		assertThat(this.generations.disconnected(0, 0, Scope.SUSPECT, 10)).isEqualTo(Effect.SUSPECTED);
		assertThat(this.generations.isSuspect(0, 5)).isTrue();
		assertThat(this.generations.isDead(0, 5)).isFalse();
	}

	@Test
	void theSecondDeathAmongTheSuspectedConfirmsTheFirst() {
		this.generations.disconnected(0, 0, Scope.SUSPECT, 10);
		assertThat(this.generations.disconnected(0, 5, Scope.SUSPECT, 11)).isEqualTo(Effect.CONFIRMED);
		assertThat(this.generations.isDead(0, 5)).isTrue();
	}

	@Test
	void lateFailuresOfOlderConnectionsChangeNothing() {
		this.generations.disconnected(0, 0, Scope.POOL, 10);
		long generation = this.generations.current();
		for (int i = 0; i < 7; i++) {
			assertThat(this.generations.disconnected(0, 0, Scope.POOL, 11 + i)).isEqualTo(Effect.NONE);
		}
		assertThat(this.generations.current()).isEqualTo(generation);
		assertThat(this.generations.isSuspect(generation, 10)).isFalse();
	}

	@Test
	void aConnectionOpenedAfterTheIncidentIsNotConcerned() {
		this.generations.disconnected(0, 0, Scope.POOL, 10);
		assertThat(this.generations.isDead(this.generations.current(), 5)).isFalse();
		assertThat(this.generations.isSuspect(this.generations.current(), 5)).isFalse();
	}

	@Test
	void aConnectionWhoseOpeningWasUnderWayDuringTheIncidentIsOlder() {
		long before = this.generations.current();
		this.generations.disconnected(0, 0, Scope.POOL, 10);
		assertThat(this.generations.isDead(before, 10)).isTrue();
	}

	@Test
	void anAnswerAfterTheIncidentClearsOfSuspicion() {
		this.generations.disconnected(0, 0, Scope.SUSPECT, 10);
		assertThat(this.generations.isSuspect(0, 11)).isFalse();
		assertThat(this.generations.isDead(0, 11)).isFalse();
	}

	@Test
	void aCrashDiscardsWithoutSuspicionFirst() {
		assertThat(this.generations.disconnected(0, 0, Scope.POOL, 10)).isEqualTo(Effect.DISCARDED);
		assertThat(this.generations.isDead(0, 5)).isTrue();
	}

	@Test
	void aConnectionThatAnsweredSinceStartsAnIncidentOfItsOwn() {
		this.generations.disconnected(0, 0, Scope.SUSPECT, 10);
		assertThat(this.generations.disconnected(0, 11, Scope.SUSPECT, 12)).isEqualTo(Effect.SUSPECTED);
		assertThat(this.generations.isSuspect(0, 11)).isTrue();
	}

	@Test
	void theIncidentsOfNewerConnectionsConcernAllOlderOnes() {
		this.generations.disconnected(0, 0, Scope.SUSPECT, 10);
		assertThat(this.generations.disconnected(1, 11, Scope.POOL, 12)).isEqualTo(Effect.DISCARDED);
		assertThat(this.generations.isDead(0, 11)).isTrue();
	}

	@Test
	void whatIsDiscardedOnDemandCannotProveItself() {
		this.generations.discardAll();
		assertThat(this.generations.isDead(0, Long.MAX_VALUE)).isTrue();
		assertThat(this.generations.isDead(this.generations.current(), 0)).isFalse();
	}

	@Test
	void timesMayOverflow() {
		this.generations.disconnected(0, Long.MAX_VALUE - 5, Scope.SUSPECT, Long.MAX_VALUE);
		assertThat(this.generations.isSuspect(0, Long.MAX_VALUE - 5)).isTrue();
		assertThat(this.generations.isSuspect(0, Long.MIN_VALUE)).isFalse();
	}

}
