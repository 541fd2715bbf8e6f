package com.example.bank.network;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which messages execute a COMMIT.
 */
class StatementsTests {

	private final Statements statements = new Statements();

	@ParameterizedTest
	@ValueSource(strings = { "COMMIT", "commit", "END", "commit work;", "insert into a values (1); commit" })
	void knowsACommit(String sql) {
		assertThat(commits('Q', sql)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "rollback", "select 'commit'", "commit prepared 'a'", "insert into commit_log" })
	void knowsWhatIsNone(String sql) {
		assertThat(commits('Q', sql)).isFalse();
	}

	@Test
	void knowsACommitByTheNameOfItsStatement() {
		assertThat(commits('P', "S_1", "COMMIT")).as("not executed yet").isFalse();
		for (int i = 0; i < 2; i++) {
			assertThat(commits('B', "", "S_1")).isFalse();
			assertThat(commits('E', "")).isTrue();
		}
		commits('B', "", "S_2");
		assertThat(commits('E', "")).as("another statement").isFalse();
	}

	@Test
	void forgetsWhatIsClosed() {
		commits('P', "S_1", "COMMIT");
		commits('B', "p", "S_1");
		commits('C', "Pp");
		assertThat(commits('E', "p")).isFalse();
		commits('C', "SS_1");
		commits('B', "p", "S_1");
		assertThat(commits('E', "p")).isFalse();
	}

	@Test
	void otherMessagesExecuteNothing() {
		assertThat(commits('S')).isFalse();
		assertThat(commits('p', "commit")).isFalse();
	}

	private boolean commits(char type, String... strings) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (String string : strings) {
			body.writeBytes(string.getBytes(StandardCharsets.UTF_8));
			body.write(0);
		}
		return this.statements.commits((byte) type, body.toByteArray());
	}

}
