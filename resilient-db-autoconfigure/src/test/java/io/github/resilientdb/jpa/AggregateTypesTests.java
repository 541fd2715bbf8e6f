package io.github.resilientdb.jpa;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.RelationalMappingContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AggregateTypes}.
 */
class AggregateTypesTests {

	private final ObjectGraph graph = new ObjectGraph(
			new ObjectGraph.Types(List.of(new AggregateTypes(() -> List.of(new RelationalMappingContext())))));

	@Test
	void putsAnAggregateBackThatNobodyHasSavedYet() {
		Basket basket = new Basket();
		Item item = new Item();
		basket.items.add(item);
		this.graph.add(basket);
		basket.id = 1L;
		basket.version = 0;
		basket.items.add(new Item());
		item.name = "changed";
		this.graph.restore();
		assertThat(basket.id).isNull();
		assertThat(basket.version).isNull();
		assertThat(basket.items).containsExactly(item);
		assertThat(item.name).isEmpty();
	}

	@Test
	void findsAnAggregateByTheIdentifierThatItInherits() {
		SpecialBasket basket = new SpecialBasket();
		this.graph.add(basket);
		basket.id = 1L;
		this.graph.restore();
		assertThat(basket.id).isNull();
	}

	@Test
	void findsTheChildrenOfImmutableAggregates() {
		Fixed fixed = new Fixed(1L, new Item());
		this.graph.add(fixed);
		fixed.item().name = "changed";
		this.graph.restore();
		assertThat(fixed.item().name).isEmpty();
	}

	@Test
	void putsValuesBackThatWereChangedInPlace() {
		Picture picture = new Picture(1L, new byte[] { 1 }, new Date(1),
				Timestamp.valueOf("2020-01-01 00:00:00.123456"));
		this.graph.add(picture);
		picture.data()[0]++;
		picture.taken().setTime(2);
		picture.stored().setTime(2);
		this.graph.restore();
		assertThat(picture.data()).containsExactly(1);
		assertThat(picture.taken()).hasTime(1);
		assertThat(picture.stored()).isEqualTo(Timestamp.valueOf("2020-01-01 00:00:00.123456"));
	}

	@Test
	void leavesOtherObjectsAlone() {
		this.graph.add(new StringBuilder());
		this.graph.add(new Item());
		assertThat(this.graph.isEmpty()).isTrue();
	}

	@Test
	void leavesWhatCannotBeMappedAlone() {
		this.graph.add(new Unmappable());
		assertThat(this.graph.isEmpty()).isTrue();
	}

	static class Basket {

		@Id
		@Nullable Long id;

		@Version
		@Nullable Integer version;

		List<Item> items = new ArrayList<>();

	}

	static class SpecialBasket extends Basket {

	}

	static class Item {

		String name = "";

	}

	record Fixed(@Id Long id, Item item) {

	}

	record Picture(@Id Long id, byte[] data, Date taken, Timestamp stored) {

	}

	static class Unmappable {

		@Id
		@Nullable Long one;

		@Id
		@Nullable Long two;

		@Override
		public String toString() {
			return Objects.toString(this.one) + this.two;
		}

	}

}
