package io.github.resilientdb.pool.guard;

import io.github.resilientdb.pool.guard.CommitStatement.Place;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CommitStatementTests {

	@ParameterizedTest
	@ValueSource(strings = { "COMMIT", " commit ;", "END", "End Transaction", "COMMIT WORK", "commit and chain",
			"/* a */ END", "--x\n commit", "/* a /* nested */ */commit", "/* trace='1' */ commit -- done",
			"select 1; commit", "insert into t values (';'); commit;", "select $$ ; $$; commit",
			"select $a$ $$; $a$; commit", "select e'\\''; commit", "select \"; \"; commit", ";commit",
			"create function f() returns int begin atomic select 1; end; commit" })
	void endsWithACommit(String sql) {
		assertThat(CommitStatement.in(sql)).isEqualTo(Place.LAST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "commit; begin", "select 1; commit; begin", "end; insert into t values (1)",
			"commit; -- and on\n select 1" })
	void commitsBeforeSomethingElse(String sql) {
		assertThat(CommitStatement.in(sql)).isEqualTo(Place.FOLLOWED);
	}

	@ParameterizedTest
	@EmptySource
	@ValueSource(strings = { "select 1", "commits", "ending", "end_of_day()", "-- commit", "/* ; commit */ select 1",
			"insert into t values ('; commit')", "select e'\\'; commit'", "select \"; commit\"", "select $$; commit$$",
			"do $x$ begin perform 1; end $x$", "create function f() returns int begin atomic select 1; end",
			"call commit()", "explain commit", "select case when a then b end", "rollback; begin", "abort",
			"copy t from stdin", "/* never", "select 'never", "select $a$ never", "  " })
	void doesNotCommit(String sql) {
		assertThat(CommitStatement.in(sql)).isEqualTo(Place.NONE);
	}

}
