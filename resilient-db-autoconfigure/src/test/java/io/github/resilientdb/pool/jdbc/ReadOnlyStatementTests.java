package io.github.resilientdb.pool.jdbc;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReadOnlyStatementTests {

	@ParameterizedTest
	@ValueSource(strings = { "set transaction read only", "SET TRANSACTION READ ONLY;",
			" \n set  local\ttransaction isolation level serializable,  read\nonly, deferrable", "begin read only",
			"BEGIN TRANSACTION READ ONLY", "begin work isolation level repeatable read read only",
			"start transaction read only", "set transaction_read_only = on", "set local transaction_read_only to 'on'",
			"SET transaction_read_only=true" })
	void declaresItsTransactionReadOnly(String sql) {
		assertThat(ReadOnlyStatement.is(sql)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "select 1", "set", "begin", "begin read write", "set transaction read write",
			"set transaction isolation level serializable", "set search_path to \"read only\"", "settle read only",
			"set transaction_read_only = off", "insert into t values ('set transaction read only')",
			"start transaction; insert into t values ('a read only')", "set session characteristics as x",
			"set local lock_timeout = 1" })
	void declaresNothing(String sql) {
		assertThat(ReadOnlyStatement.is(sql)).isFalse();
	}

}
