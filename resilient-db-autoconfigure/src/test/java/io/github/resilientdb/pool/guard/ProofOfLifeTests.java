package io.github.resilientdb.pool.guard;

import java.util.concurrent.TimeUnit;

import io.github.resilientdb.FailureVerdict.Scope;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProofOfLifeTests {

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private final Generations generations = new Generations();

	private final ProofOfLife proof = new ProofOfLife(this.generations, this.generations.current(), 0, 1000);

	@Test
	void isSuspectAfterAnIncidentUntilItAnswers() {
		this.generations.disconnected(this.proof.generation(), this.proof.provenAt(), Scope.SUSPECT, 10);
		assertThat(this.proof.isSuspect()).isTrue();
		assertThat(this.proof.isDoubtful()).isTrue();
		assertThat(this.proof.isInvalidated()).isFalse();
		this.proof.proven(11);
		assertThat(this.proof.isDoubtful()).isFalse();
	}

	@Test
	void anAnswerToAnEarlierQuestionProvesNothing() {
		this.generations.disconnected(this.proof.generation(), this.proof.provenAt(), Scope.POOL, 10);
		this.proof.proven(10);
		assertThat(this.proof.isInvalidated()).isTrue();
	}

	@Test
	void whatIsDiscardedOnDemandStaysSo() {
		this.generations.discardAll();
		this.proof.proven(Long.MAX_VALUE / 2);
		assertThat(this.proof.isInvalidated()).isTrue();
	}

	@Test
	void expiresAtItsAge() {
		assertThat(this.proof.isExpired(999)).isFalse();
		assertThat(this.proof.isExpired(1000)).isTrue();
	}

	@Test
	void hasProvenItselfByBeingOpenedUntilItIsUsed() {
		assertThat(this.proof.isFresh(400 * MILLI)).isTrue();
		assertThat(this.proof.isFresh(600 * MILLI)).isFalse();
		assertThat(this.proof.pingAfter(0)).isEqualTo(500 * MILLI);
		this.proof.used(MILLI);
		assertThat(this.proof.isFresh(2 * MILLI)).isFalse();
		assertThat(this.proof.pingAfter(0)).isZero();
		assertThat(this.proof.idle(3 * MILLI)).isEqualTo(2 * MILLI);
	}

}
