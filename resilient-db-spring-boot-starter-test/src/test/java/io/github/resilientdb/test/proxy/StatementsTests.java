package io.github.resilientdb.test.proxy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which SQL is a COMMIT.
 */
class StatementsTests {

	@ParameterizedTest
	@ValueSource(strings = { "COMMIT", "commit", " commit ; ", "END", "end transaction", "COMMIT WORK",
			"commit and chain", "COMMIT AND NO CHAIN", "insert into a values (1); commit", "/* load */ commit",
			"commit -- now", "commit; select 1" })
	void isACommit(String sql) {
		assertThat(Statements.commit().test(sql)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "select commit from a", "rollback", "-- commit", "/* commit */ select 1",
			"select 1; /* ; commit */ select 2", "COMMIT PREPARED 'a'", "committed" })
	void isNone(String sql) {
		assertThat(Statements.commit().test(sql)).isFalse();
	}

}
