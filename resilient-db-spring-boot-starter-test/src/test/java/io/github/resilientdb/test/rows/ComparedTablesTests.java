package io.github.resilientdb.test.rows;

import java.util.Arrays;
import java.util.List;

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

	private void requireExisting() {
		this.tables.requireExisting(
				List.of(table("Orders", "id", "random"), table("outbox", "id"), table("shop.stock", "count")));
	}

	private static Table table(String name, String... columns) {
		return new Table(name,
				Arrays.stream(columns).map((column) -> new Column(name, column, "text", false, null)).toList());
	}

}
