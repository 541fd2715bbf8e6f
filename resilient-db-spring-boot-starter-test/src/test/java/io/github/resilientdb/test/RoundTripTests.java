package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which faults a statement can meet.
 */
class RoundTripTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			BEGIN                                            | false | false
			COMMIT                                           | true  | false
			ROLLBACK                                         | false | false
			savepoint s                                      | false | false
			select 1                                         | true  | false
			select * from a for update                       | true  | true
			select nextval('s'), 1                           | true  | true
			insert into a values (1)                         | true  | true
			with x as (delete from a returning *) table x    | true  | true
			BEGIN;update a set b = 1                         | true  | true
			insert into marker values (1); COMMIT            | true  | false
			""")
	void meets(String sql, boolean serializationFailure, boolean standby) {
		List<String> statements = Arrays.asList(sql.startsWith("BEGIN;") ? sql.split(";") : new String[] { sql });
		RoundTrip roundTrip = new RoundTrip(1, "db", statements);
		assertThat(FaultKind.SERIALIZATION_FAILURE.appliesTo(roundTrip)).isEqualTo(serializationFailure);
		assertThat(FaultKind.STANDBY.appliesTo(roundTrip)).isEqualTo(standby);
		assertThat(FaultKind.SESSION_ENDED.appliesTo(roundTrip)).isTrue();
	}

	@Test
	void hasANameThatAPersonReads() {
		RoundTrip roundTrip = new RoundTrip(3, "db", List.of("BEGIN", "update account\n  set balance = $1"));
		assertThat(FaultKind.REPLY_LOST.describe(roundTrip))
			.isEqualTo("reply of statement 3 lost: update account set balance = $1");
	}

	@Test
	void leavesOutWhatIsNotTheMethodsOwn() {
		assertThat(RoundTrip.own(List.of("", "SET application_name = 'x'", "select nextval('account_seq')",
				"select pg_is_in_recovery()")))
			.isEmpty();
		assertThat(RoundTrip.own(List.of("BEGIN", "select 1"))).containsExactly("BEGIN", "select 1");
	}

	@Test
	void countsAttemptsByWhatTheMethodUsuallyDoes() {
		List<RoundTrip> usual = trace("BEGIN", "insert inner", "COMMIT", "BEGIN", "insert outer", "COMMIT");
		assertThat(RoundTrip.attempts(usual, List.of())).isOne();
		assertThat(RoundTrip.attempts(usual, usual)).isOne();
		assertThat(RoundTrip.attempts(trace("BEGIN", "insert inner", "COMMIT", "BEGIN", "BEGIN", "insert inner",
				"COMMIT", "BEGIN", "insert outer", "COMMIT"), usual))
			.isEqualTo(2);
		assertThat(RoundTrip.attempts(trace("BEGIN", "BEGIN", "ROLLBACK", "BEGIN", "insert inner"), usual))
			.isEqualTo(3);
		assertThat(RoundTrip.attempts(trace("insert a", "insert a"), trace("insert a", "insert a"))).isOne();
	}

	@Test
	void countsNoAttemptForTheLookUpOfALostCommit() {
		List<RoundTrip> usual = trace("BEGIN", "insert a", "COMMIT");
		List<RoundTrip> trace = new ArrayList<>(trace("BEGIN", "insert a", "COMMIT", "BEGIN"));
		trace.add(new RoundTrip(5, "db",
				List.of("SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "SET LOCAL search_path = pg_catalog")));
		trace.addAll(trace("select txid_status($1)", "ROLLBACK"));
		assertThat(RoundTrip.attempts(trace, usual)).isOne();
		trace.addAll(usual);
		assertThat(RoundTrip.attempts(trace, usual)).isEqualTo(2);
	}

	private static List<RoundTrip> trace(String... statements) {
		return IntStream.range(0, statements.length)
			.mapToObj((i) -> new RoundTrip(i + 1, "db", List.of(statements[i])))
			.toList();
	}

}
