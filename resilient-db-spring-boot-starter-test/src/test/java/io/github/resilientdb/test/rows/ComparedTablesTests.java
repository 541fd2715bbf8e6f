package io.github.resilientdb.test.rows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ComparedTablesTests {

	private final ComparedTables tables = new ComparedTables();

	@Test
	void areAllButBookkeeping() {
		assertThat(this.tables.isCompared("orders")).isTrue();
		assertThat(this.tables.isCompared("shop.orders")).isTrue();
		assertThat(this.tables.isCompared("resilientdb_commit_marker")).isFalse();
		assertThat(this.tables.isCompared("shop.flyway_schema_history")).isFalse();
	}

	@Test
	void areTheNamedOnes() {
		this.tables.compare("Orders");
		assertThat(this.tables.isCompared("orders")).isTrue();
		assertThat(this.tables.isCompared("stock")).isFalse();
	}

	@Test
	void areNotTheIgnoredOnes() {
		this.tables.ignore("stock", "orders.Random");
		assertThat(this.tables.isCompared("stock")).isFalse();
		assertThat(this.tables.isCompared("orders")).isTrue();
		assertThat(this.tables.isIgnored("orders.random")).isTrue();
	}

	@Test
	void mayBeQualifiedWithPublic() {
		this.tables.compare("public.orders");
		assertThat(this.tables.isCompared("orders")).isTrue();
	}

	@Test
	void mustExist() {
		this.tables.compare("orders", "outbx");
		assertThatIllegalStateException().isThrownBy(this::requireExisting)
			.withMessageStartingWith("comparing(\"outbx\"): there is no such table")
			.withMessageEndingWith("There are: orders, outbox, shop.stock");
	}

	@Test
	void mustNotBeIgnoredToo() {
		this.tables.compare("orders");
		this.tables.ignore("public.Orders");
		assertThatIllegalStateException().isThrownBy(this::requireExisting)
			.withMessageStartingWith("Table orders is both in comparing(...) and in ignoring(...)");
	}

	@Test
	void mustExistToBeIgnored() {
		this.tables.ignore("flyway_schema_histori");
		assertThatIllegalStateException().isThrownBy(this::requireExisting)
			.withMessageStartingWith("ignoring(\"flyway_schema_histori\"): there is no such table");
	}

	@Test
	void haveTheColumnsThatAreIgnored() {
		this.tables.ignore("Orders.Random", "orders.id", "shop.stock.count", "shop.stock", "outbox");
		requireExisting();
		this.tables.ignore("orders.randm");
		assertThatIllegalStateException().isThrownBy(this::requireExisting)
			.withMessage("ignoring(\"orders.randm\"): there is no such column. The table has these: id, random");
	}

	@Test
	void haveTheColumnsOfTheirOwnSchema() {
		this.tables.ignore("stock.count");
		assertThatIllegalStateException().isThrownBy(this::requireExisting).withMessageContaining("shop.stock");
	}

	@Test
	void areThoseOfOneDataSource() {
		Map<String, List<Table>> tables = Map.of("ordersDb", List.of(table("note", "id"), table("other", "id")),
				"archive", List.of(table("note", "id", "text"), table("shop.stock", "count")));
		this.tables.compare("archive.note", "OrdersDb.other", "shop.stock");
		this.tables.ignore("archive.note.text", "archive.shop.stock");
		this.tables.requireExisting(tables);
		ComparedTables orders = this.tables.in("ordersDb", tables);
		ComparedTables archive = this.tables.in("archive", tables);
		assertThat(orders.isCompared("note")).isFalse();
		assertThat(orders.isCompared("other")).isTrue();
		assertThat(orders.isIgnored("note.text")).isFalse();
		assertThat(archive.isCompared("note")).isTrue();
		assertThat(archive.isCompared("other")).isFalse();
		assertThat(archive.isCompared("shop.stock")).isFalse();
		assertThat(archive.isIgnored("note.text")).isTrue();
		this.tables.compare("ordersDb.stock");
		assertThatIllegalStateException().isThrownBy(() -> this.tables.requireExisting(tables))
			.withMessageStartingWith("comparing(\"ordersdb.stock\")")
			.withMessageContaining("archive.note, archive.shop.stock, note, ordersdb.note");
	}

	@Test
	void mustNotBeIgnoredInTheirDataSourceToo() {
		Map<String, List<Table>> tables = Map.of("one", List.of(table("note", "id")), "two",
				List.of(table("note", "id")));
		this.tables.compare("two.note");
		this.tables.ignore("note");
		this.tables.in("one", tables);
		assertThatIllegalStateException().isThrownBy(() -> this.tables.in("two", tables))
			.withMessageStartingWith("Table note is both in comparing(...) and in ignoring(...)");
	}

	@Test
	void areThoseOfASchemaOfTheSameNameAsADataSource() {
		Map<String, List<Table>> tables = Map.of("one", List.of(table("note", "id"), table("two.note", "id")), "two",
				List.of(table("note", "id")));
		this.tables.compare("two.note");
		this.tables.requireExisting(tables);
		assertThat(this.tables.in("one", tables).isCompared("two.note")).isTrue();
		assertThat(this.tables.in("one", tables).isCompared("note")).isFalse();
		assertThat(this.tables.in("two", tables).isCompared("note")).isFalse();
	}

	private void requireExisting() {
		this.tables.requireExisting(Map.of("db",
				List.of(table("Orders", "id", "random"), table("outbox", "id"), table("shop.stock", "count"))));
	}

	private static Table table(String name, String... columns) {
		return new Table(name,
				Arrays.stream(columns).map((column) -> new Column(name, column, "text", false, null)).toList());
	}

}
