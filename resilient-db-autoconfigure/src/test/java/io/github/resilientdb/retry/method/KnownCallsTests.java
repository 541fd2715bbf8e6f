package io.github.resilientdb.retry.method;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RerunOperations.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.transaction.TransactionDefinition;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KnownCalls}.
 */
class KnownCallsTests {

	private static final CallName TRANSFER = new CallName("com.example.Bank", "transfer");

	private static final CallName CLOSE = new CallName("com.example.Bank", "close");

	private final KnownCalls calls = new KnownCalls();

	private void add(CallName call, int maxAttempts) {
		this.calls.add(new RetryableMethod(call, Selection.METHOD, call.toString(), call.toString(),
				TransactionDefinition.PROPAGATION_REQUIRED, "", new Options(maxAttempts, null, false)));
	}

	@Test
	void everySubscriberHearsOfEachOnceHoweverLate() {
		List<CallName> early = new ArrayList<>();
		List<CallName> late = new ArrayList<>();
		this.calls.subscribe(early::add);
		add(TRANSFER, 0);
		add(TRANSFER, 3);
		this.calls.subscribe(late::add);
		add(CLOSE, 0);
		add(CLOSE, 0);
		assertThat(early).containsExactly(TRANSFER, CLOSE);
		assertThat(late).containsExactly(TRANSFER, CLOSE);
	}

	@ParameterizedTest
	@CsvSource({ "0, 5, true", "0, 1, false", "1, 5, false", "2, 1, true" })
	void callIsRerunIfItHasMoreThanOneAttempt(int attempts, int byDefault, boolean rerun) {
		add(TRANSFER, attempts);
		assertThat(this.calls.isRerun(TRANSFER, byDefault)).isEqualTo(rerun);
	}

	@Test
	void overloadedMethodIsRerunIfOneOfThemIs() {
		add(TRANSFER, 1);
		assertThat(this.calls.isRerun(TRANSFER, 5)).isFalse();
		add(TRANSFER, 0);
		assertThat(this.calls.isRerun(TRANSFER, 5)).isTrue();
		assertThat(this.calls.isRerun(TRANSFER, 1)).isFalse();
	}

	@Test
	void callOfWhichNothingIsKnownMayBeRerun() {
		assertThat(this.calls.isRerun(TRANSFER, 1)).isTrue();
	}

}
