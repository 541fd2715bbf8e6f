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
 * Which rows a failure shows, where an order has lines, and both have keys.
 */
class RowDifferenceTests {

	private static final Schema SCHEMA = new Schema(
			List.of(new Table("orders",
					List.of(new Column("orders", "id", "bigint", true, "identity"),
							new Column("orders", "product", "text", false, null))),
					new Table("lines",
							List.of(new Column("lines", "order_id", "bigint", false, null),
									new Column("lines", "amount", "integer", false, null)))),
			Map.of("lines.order_id", "orders.id"));

	private final Snapshot expected = rows(List.of(row("1", "book"), row("2", "pen")),
			List.of(row("1", "5"), row("2", "6")));

	@Test
	void showsNothingIfTheKeysCorrespond() {
		RowDifference difference = difference(List.of(row("8", "pen"), row("9", "book")),
				List.of(row("9", "5"), row("8", "6")));
		assertThat(difference.isEmpty()).isTrue();
		assertThat(difference.isDuplication()).isFalse();
		assertThat(difference).hasToString("");
	}

	@Test
	void showsTheRowThatDiffersAndNotTheOnesItRefersTo() {
		assertThat(difference(List.of(row("8", "pen"), row("9", "book")), List.of(row("9", "4"), row("8", "6"))))
			.hasToString("""
					lines (and 1 row as expected)
					  - order_id=1, amount=5
					  + order_id=9, amount=4
					""");
	}

	@Test
	void showsRowsThatReferToADifferentOne() {
		assertThat(difference(List.of(row("8", "pencil"), row("9", "book")), List.of(row("9", "5"), row("8", "6"))))
			.hasToString("""
					orders (and 1 row as expected)
					  - id=2, product=pen
					  + id=8, product=pencil
					lines (and 1 row as expected)
					  - order_id=2, amount=6
					  + order_id=8, amount=6
					""");
	}

	@Test
	void callsAnotherLineOfTheSameOrderADuplicate() {
		RowDifference difference = difference(List.of(row("1", "book"), row("2", "pen")),
				List.of(row("1", "5"), row("1", "5"), row("2", "6")));
		assertThat(difference.isDuplication()).isTrue();
		assertThat(difference).hasToString("""
				lines (and 2 rows as expected)
				  + order_id=1, amount=5
				""");
	}

	@Test
	void callsALineOfAnotherAmountNoDuplicate() {
		assertThat(difference(List.of(row("1", "book"), row("2", "pen")),
				List.of(row("1", "5"), row("1", "7"), row("2", "6")))
			.isDuplication()).isFalse();
	}

	@Test
	void showsEqualRowsIfOnlyWhoRefersToThemDiffers() {
		Snapshot twins = rows(List.of(row("1", "book"), row("2", "book")), List.of(row("1", "5"), row("2", "5")));
		Snapshot other = rows(List.of(row("1", "book"), row("2", "book")), List.of(row("1", "5"), row("1", "5")));
		assertThat(RowDifference.between(SCHEMA.rules(), twins, other).isEmpty()).isFalse();
		assertThat(RowDifference.between(SCHEMA.rules(), twins, other).toString()).contains("- ", "+ ");
	}

	private RowDifference difference(List<List<@Nullable String>> orders, List<List<@Nullable String>> lines) {
		return RowDifference.between(SCHEMA.rules(), this.expected, rows(orders, lines));
	}

	private static Snapshot rows(List<List<@Nullable String>> orders, List<List<@Nullable String>> lines) {
		return Snapshots.of(Map.of("orders", orders, "lines", lines));
	}

	private static List<@Nullable String> row(String... values) {
		return Arrays.asList(values);
	}

}
