package io.github.resilientdb.test;

import java.util.List;

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
	void mustExist() {
		this.tables.compare("orders", "outbx");
		assertThatIllegalStateException().isThrownBy(() -> this.tables.requireExisting(List.of("Orders", "outbox")))
			.withMessageStartingWith("There is no such table: [outbx]. ");
	}

}
