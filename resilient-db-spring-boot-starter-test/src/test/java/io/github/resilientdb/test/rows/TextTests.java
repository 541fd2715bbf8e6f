package io.github.resilientdb.test.rows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is the same in two texts, where the row with key 1 of one run is the one with key
 * 5 of the other.
 */
class TextTests {

	private static final Schema SCHEMA = new Schema(List.of(new Table("note", List
		.of(new Column("note", "id", "bigint", true, "identity"), new Column("note", "text", "text", false, null)))),
			Map.of());

	private final CanonicalRows first = rows("1", "a", "2", "b");

	private final CanonicalRows second = rows("5", "a", "6", "b");

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					id=1                                      | id=5                                      | true
					id=1                                      | id=6                                      | false
					id=1                                      | id=1                                      | true
					amount 10                                 | amount 20                                 | false
					at 2026-01-01T10:00:00Z                   | at 2026-01-01 11:00:00.5+01               | true
					at 2026-01-01T10:00:00Z                   | at 2026-01-02T10:00:00Z                   | false
					at 2027-01-01T10:00:00Z                   | at 2027-01-01T10:00:01Z                   | true
					at 2027-01-01T10:00:00Z                   | at 2027-01-01T10:00:04Z                   | false
					at 2027-01-01T10:00:00Z                   | at 2027-01-01T10:30:00Z                   | false
					millis 1767261600000                      | millis 1767261600345                      | true
					millis 1767261600000                      | millis 1767361612345                      | false
					note-000001                               | note-000005                               | true
					note-000001                               | note-000006                               | false
					N1x                                       | N5x                                       | true
					at 2026-01-01T10:00:00Z                   | at null                                   | false
					ref 6f0b0c5e-0000-4000-8000-000000000001  | ref 6f0b0c5e-0000-4000-8000-000000000002  | true
					6f0b0c5e-0000-4000-8000-000000000001 6f0b0c5e-0000-4000-8000-000000000001 | 6f0b0c5e-0000-4000-8000-000000000002 6f0b0c5e-0000-4000-8000-000000000002 | true
					6f0b0c5e-0000-4000-8000-000000000001 6f0b0c5e-0000-4000-8000-000000000001 | 6f0b0c5e-0000-4000-8000-000000000002 6f0b0c5e-0000-4000-8000-000000000003 | false
					6f0b0c5e-0000-4000-8000-000000000001 6f0b0c5e-0000-4000-8000-000000000002 | 6f0b0c5e-0000-4000-8000-000000000003 6f0b0c5e-0000-4000-8000-000000000003 | false
					[1, 2]                                    | [5, 6]                                    | true
					[1, 2]                                    | [6, 5]                                    | false
					[1]                                       | [5, 6]                                    | false
					""")
	void compares(String expected, String observed, boolean same) {
		assertThat(Text.same(expected, this.first, observed, this.second)).isEqualTo(same);
	}

	@ParameterizedTest
	@CsvSource({ "order 3129 failed, order 3218 failed, true", "order 3129 failed, order 3218 has failed, false",
			"order 3129 failed, order x failed, false", "order 3129 failed, order 5 failed, false",
			"order 3129 failed at 1, order 3218 failed at 2, false", "order 3129 of 3129, order 3218 of 3218, true",
			"order 3129 of 3129, order 3218 of 3219, false" })
	void comparesKeysOfRowsThatAreGoneInBothRuns(String expected, String observed, boolean same) {
		Set<Integer> generated = Text.others(expected, expected.replace("3129", "3047"));
		assertThat(Text.same(expected, this.first, observed, this.second, generated)).isEqualTo(same);
		assertThat(Text.same(expected, this.first, observed, this.second)).isFalse();
	}

	@Test
	void readsBytesAsOne() {
		assertThat(Text.others("(\\x0a1b) \\x01", "(\\x0a1c) \\x01")).containsExactly(1);
	}

	private static CanonicalRows rows(String... values) {
		return new CanonicalRows(SCHEMA.rules(), Snapshots
			.of(Map.of("note", List.of(Arrays.asList(values[0], values[1]), Arrays.asList(values[2], values[3])))));
	}

}
