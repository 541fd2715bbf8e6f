package io.github.resilientdb.test.rows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random UUIDs: those that are the same in one run are the same in the other, in
 * whichever columns they are.
 */
class UuidRulesTests {

	private static final Table ORDERS = new Table("orders", List.of(new Column("orders", "id", "uuid", true, null),
			new Column("orders", "token", "uuid", false, null), new Column("orders", "copy", "uuid", false, null)));

	private static final Table BILLS = new Table("bills",
			List.of(new Column("bills", "number", "bigint", true, "identity"),
					new Column("bills", "order_id", "uuid", false, null),
					new Column("bills", "payload", "jsonb", false, null)));

	private static final Schema SCHEMA = new Schema(List.of(BILLS, ORDERS), Map.of());

	private final Snapshot first = run(uuid(1), uuid(2), uuid(2), uuid(1), document(1, 2));

	private final Snapshot second = run(uuid(11), uuid(12), uuid(12), uuid(11), document(11, 12));

	private final Rules rules = SCHEMA.rules().learn(Snapshots.from(this.first), Snapshots.from(this.second));

	@Test
	void mayBeOthers() {
		assertSame(true, run(uuid(21), uuid(22), uuid(22), uuid(21), document(21, 22)));
	}

	@Test
	void areTheSameInTwoColumnsOfARow() {
		assertSame(false, run(uuid(21), uuid(22), uuid(23), uuid(21), document(21, 22)));
	}

	@Test
	void referWithoutAForeignKey() {
		assertSame(false, run(uuid(21), uuid(22), uuid(22), uuid(23), document(21, 22)));
	}

	@Test
	void areTheSameInsideOfDocuments() {
		assertSame(false, run(uuid(21), uuid(22), uuid(22), uuid(21), document(23, 22)));
		assertSame(false, run(uuid(21), uuid(22), uuid(22), uuid(21), document(21, 23)));
	}

	@Test
	void areNotTheSameWhereTheyWereNot() {
		assertSame(false, run(uuid(21), uuid(21), uuid(21), uuid(21), document(21, 21)));
	}

	private void assertSame(boolean same, Snapshot run) {
		assertThat(RowDifference.between(this.rules, this.first, run).isEmpty()).isEqualTo(same);
	}

	private static String uuid(int number) {
		return "6f0b0c5e-0000-4000-8000-0000000000%02d".formatted(number);
	}

	private static String document(int order, int token) {
		return "{\"order\": \"%s\", \"token\": \"%s\"}".formatted(uuid(order), uuid(token));
	}

	private static Snapshot run(String id, String token, String copy, String reference, @Nullable String payload) {
		return Snapshots.of(Map.of("orders", List.of(Arrays.asList(id, token, copy)), "bills",
				List.of(Arrays.asList("1", reference, payload))));
	}

}
