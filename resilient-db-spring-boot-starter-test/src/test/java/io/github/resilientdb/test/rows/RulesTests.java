package io.github.resilientdb.test.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.resilientdb.test.rows.Moments.Precision;
import io.github.resilientdb.test.rows.Rules.Rehearsal;
import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What is the same in the rows of two runs.
 */
class RulesTests {

	private static final Table ORDERS = new Table("orders", List.of(new Column("orders", "id", "bigint", true, null),
			column("orders", "product", "text"), column("orders", "placed_at", "timestamp with time zone")));

	private static final Table LINES = new Table("lines", List.of(new Column("lines", "id", "bigint", true, "identity"),
			column("lines", "order_id", "bigint"), column("lines", "amount", "integer")));

	private static final Table OUTBOX = new Table("outbox",
			List.of(new Column("outbox", "id", "bigint", true, "nextval('x')"), column("outbox", "payload", "text")));

	private static final List<Column> ORDERS_WITH_IDENTITY = List
		.of(new Column("orders", "id", "bigint", true, "identity"), ORDERS.columns().get(1), ORDERS.columns().get(2));

	private static final Schema SCHEMA = new Schema(List.of(ORDERS, LINES, OUTBOX),
			Map.of("lines.order_id", "orders.id"));

	private final Snapshot first = snapshot(rows("1", "book", "2026-01-01 10:00:00.5+00"),
			rows("7", "1", "2", "8", "1", "3"), rows("1", "{\"id\":1,\"at\":\"2026-01-01T10:00:00Z\"}"));

	private final Snapshot second = snapshot(rows("5", "book", "2026-01-01 10:00:03+00"),
			rows("12", "5", "3", "11", "5", "2"), rows("2", "{\"id\":5,\"at\":\"2026-01-01T10:00:03Z\"}"));

	private final Rules rules = SCHEMA.rules().learn(Snapshots.from(this.first), Snapshots.from(this.second));

	private static Column column(String table, String name, String type) {
		return new Column(table, name, type, false, null);
	}

	@Test
	void learnsWhichKeysAreGenerated() {
		assertThat(this.rules.rule(ORDERS.columns().get(0))).isEqualTo(ColumnRule.key("orders.id"));
		assertThat(this.rules.rule(LINES.columns().get(1))).isEqualTo(ColumnRule.key("orders.id"));
		assertThat(this.rules.rule(OUTBOX.columns().get(1))).extracting(ColumnRule::kind, ColumnRule::origin)
			.containsExactly(ColumnRule.Kind.TEXT, "orders.id");
		assertThat(this.rules.rule(ORDERS.columns().get(2))).extracting(ColumnRule::kind, ColumnRule::precision)
			.containsExactly(ColumnRule.Kind.TIME, Precision.EXACT);
		assertThat(this.rules.rule(LINES.columns().get(2))).isEqualTo(ColumnRule.EXACT);
	}

	@Test
	void takesCorrespondingKeysForTheSame() {
		assertThat(difference(this.first, this.second).isEmpty()).isTrue();
	}

	@Test
	void seesAChildOfAnotherParent() {
		Snapshot before = snapshot(rows("1", "book", "t", "2", "pen", "t"), rows("1", "1", "9"), rows());
		Snapshot after = snapshot(rows("1", "book", "t", "2", "pen", "t"), rows("1", "2", "9"), rows());
		assertThat(difference(before, after)).hasToString("""
				lines
				  - id=1, order_id=1, amount=9
				  + id=1, order_id=2, amount=9
				""");
	}

	@Test
	void seesAnotherAmount() {
		Snapshot after = snapshot(rows("1", "book", "t"), rows("7", "1", "2", "8", "1", "4"),
				rows("1", "{\"id\":1,\"at\":\"2026-01-01T10:00:00Z\"}"));
		RowDifference difference = difference(this.first, after);
		assertThat(difference.toString()).contains("- id=8, order_id=1, amount=3")
			.contains("+ id=8, order_id=1, amount=4");
		assertThat(difference.isDuplication()).isFalse();
	}

	@Test
	void seesARowThatIsThereTwice() {
		Snapshot before = snapshot(rows("1", "book", "t"), rows(), rows());
		Snapshot after = snapshot(rows("1", "book", "t", "2", "book", "t"), rows(), rows());
		assertThat(difference(before, after).isDuplication()).isTrue();
		assertThat(difference(after, before).isDuplication()).isFalse();
	}

	@Test
	void seesThatADocumentNamesAnotherKey() {
		Snapshot after = snapshot(rows("5", "book", "2026-01-01 10:00:00+00"), rows("7", "5", "2", "8", "5", "3"),
				rows("1", "{\"id\":4,\"at\":\"2026-01-01T10:00:00Z\"}"));
		assertThat(difference(this.first, after).toString()).startsWith("outbox");
	}

	@Test
	void seesNullInsteadOfATime() {
		Snapshot before = snapshot(rows("1", "book", "t"), rows(), rows());
		Snapshot after = snapshot(rows("1", "book", null), rows(), rows());
		assertThat(difference(before, after).isEmpty()).isFalse();
	}

	@Test
	void countsTheRowsThatAreAsExpected() {
		Snapshot before = snapshot(rows("1", "book", "t", "2", "pen", "t"), rows("1", "1", "9", "2", "2", "8"), rows());
		Snapshot after = snapshot(rows("1", "book", "t", "2", "pen", "t"), rows("1", "1", "9", "2", "2", "7"), rows());
		assertThat(difference(before, after)).hasToString("""
				lines (and 1 row as expected)
				  - id=2, order_id=2, amount=8
				  + id=2, order_id=2, amount=7
				""");
	}

	@Test
	void seesWhichOfTwoEqualRowsWasThereBefore() {
		Snapshot initial = snapshot(rows("1", "book", "t", "2", "book", "t"), rows(), rows());
		Snapshot before = snapshot(rows("1", "book", "t", "2", "book", "t"), rows("7", "1", "3"), rows());
		Snapshot again = snapshot(rows("1", "book", "t", "2", "book", "t"), rows("8", "1", "3"), rows());
		Snapshot after = snapshot(rows("1", "book", "t", "2", "book", "t"), rows("9", "2", "3"), rows());
		assertThat(difference(before, after).isEmpty()).isTrue(); // either may be new
		Rules learnt = new Schema(List.of(new Table("orders", ORDERS_WITH_IDENTITY), LINES, OUTBOX),
				SCHEMA.references())
			.rules()
			.learn(new Rehearsal(initial, before), new Rehearsal(initial, again));
		assertThat(RowDifference.between(learnt, before, again).isEmpty()).isTrue();
		assertThat(RowDifference.between(learnt, before, after)).hasToString("""
				lines
				  - id=7, order_id=1, amount=3
				  + id=9, order_id=2, amount=3
				""");
	}

	@Test
	void findsKeysOfSeveralTablesInADocument() {
		Snapshot before = document("1014", "2027", "{\"order\":1014,\"line\":\"L002027\",\"pages\":9}");
		Snapshot after = document("1103", "2116", "{\"order\":1103,\"line\":\"L002116\",\"pages\":9}");
		Rules learnt = SCHEMA.rules().learn(Snapshots.from(before), Snapshots.from(after));
		assertThat(RowDifference.between(learnt, before, after).isEmpty()).isTrue();
		for (String wrong : List.of("{\"order\":1103,\"line\":\"L002117\",\"pages\":9}",
				"{\"order\":1104,\"line\":\"L002116\",\"pages\":9}",
				"{\"order\":1103,\"line\":\"L002116\",\"pages\":8}")) {
			assertThat(RowDifference.between(learnt, before, document("1103", "2116", wrong)).isEmpty()).isFalse();
		}
	}

	private static Snapshot document(String order, String line, String payload) {
		return snapshot(rows(order, "book", "t"), rows(line, order, "2"), rows("3", payload));
	}

	@Test
	void refusesWhatIsRandom() {
		Snapshot other = snapshot(rows("5", "pen", "t"), rows(), rows());
		assertThatIllegalStateException()
			.isThrownBy(() -> SCHEMA.rules().learn(Snapshots.from(this.first), Snapshots.from(other)))
			.withMessageContaining("product=pen")
			.withMessageContaining("ignoring(\"table.column\")");
	}

	private RowDifference difference(Snapshot before, Snapshot after) {
		return RowDifference.between(this.rules, before, after);
	}

	private static Snapshot snapshot(String[]... tables) {
		return Snapshots
			.of(Map.of("orders", cut(tables[0], 3), "lines", cut(tables[1], 3), "outbox", cut(tables[2], 2)));
	}

	private static String[] rows(@Nullable String... values) {
		return values;
	}

	private static List<List<@Nullable String>> cut(@Nullable String[] values, int columns) {
		List<List<@Nullable String>> rows = new ArrayList<>();
		for (int i = 0; i < values.length; i += columns) {
			rows.add(Arrays.asList(values).subList(i, i + columns));
		}
		return rows;
	}

}
