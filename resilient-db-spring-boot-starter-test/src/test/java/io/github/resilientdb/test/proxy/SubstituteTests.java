package io.github.resilientdb.test.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the server is asked so that it fails.
 */
class SubstituteTests {

	@Test
	void failsInsideOfTheTransaction() {
		assertThat(sql(Fault.error("40001"), "update a")).startsWith("do $$").contains("40001");
	}

	@Test
	void beginsTheTransactionThatCameWithTheRequest() {
		assertThat(sql(Fault.error("40001"), "BEGIN READ ONLY", "select 1")).startsWith("BEGIN READ ONLY; do $$");
	}

	@Test
	void endsTheTransactionOfACommit() {
		assertThat(sql(Fault.error("40001"), "COMMIT")).startsWith("rollback; do $$");
	}

	@Test
	void endsTheSessionAlsoInsideOfAnAbortedTransaction() {
		assertThat(sql(Fault.END_SESSION, "select 1"))
			.isEqualTo("rollback; select pg_terminate_backend(pg_backend_pid())");
	}

	private static String sql(Fault fault, String... statements) {
		ByteBuffer message = ByteBuffer.wrap(Substitute.of(fault, List.of(statements)));
		assertThat(message.get()).isEqualTo((byte) 'Q');
		assertThat(message.getInt()).isEqualTo(message.capacity() - 1);
		assertThat(message.get(message.capacity() - 1)).isZero();
		return new String(message.array(), 5, message.capacity() - 6, StandardCharsets.UTF_8);
	}

}
