package io.github.resilientdb.pool.guard;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CheckoutMark}.
 */
// It is of its thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class CheckoutMarkTests {

	private final CheckoutMark mark = CheckoutMark.ofThread();

	@AfterEach
	void clear() {
		this.mark.clear();
	}

	@Test
	void lastsUntilItIsCleared() {
		assertThat(CheckoutMark.isUnderWay()).isFalse();
		this.mark.set();
		assertThat(CheckoutMark.isUnderWay()).isTrue();
		this.mark.clear();
		assertThat(CheckoutMark.isUnderWay()).isFalse();
	}

	@Test
	void saysNothingOfOtherThreads() {
		this.mark.set();
		assertThat(CompletableFuture.supplyAsync(CheckoutMark::isUnderWay, (task) -> new Thread(task).start()).join())
			.isFalse();
	}

}
