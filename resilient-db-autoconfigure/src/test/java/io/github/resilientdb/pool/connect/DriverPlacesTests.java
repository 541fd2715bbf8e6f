package io.github.resilientdb.pool.connect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.resilientdb.pool.connect.DriverPlaces.Place;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DriverPlacesTests {

	private final AtomicLong now = new AtomicLong();

	private final DriverPlaces places = new DriverPlaces(this.now::get);

	@ParameterizedTest
	@CsvSource({ "0, 1", "1, 2", "2, 4", "3, 8", "4, 10", "5, 10", "1000, 10" })
	void patienceGrowsWithThoseThatHang(int givenUp, long minutes) {
		assertThat(DriverPlaces.patience(givenUp)).isEqualTo(TimeUnit.MINUTES.toNanos(minutes));
	}

	@Test
	void aPlaceIsTakenUntilTheDriverIsBack() throws InterruptedException {
		Place first = taken();
		taken();
		assertThat(take()).isNull();
		assertThat(first.back()).isTrue();
		taken();
		assertThat(take()).isNull();
		assertThat(this.places.hanging()).isZero();
	}

	@Test
	void whoIsLeftBehindKeepsHisPlaceForAMinute() throws InterruptedException {
		Place first = left();
		left();
		assertThat(this.places.hanging()).isEqualTo(2);
		assertThat(take()).isNull();
		after(Duration.ofSeconds(59));
		assertThat(take()).isNull();
		assertThat(first.back()).isFalse();
		assertThat(this.places.hanging()).isOne();
		taken();
	}

	@Test
	void whoIsWaitedForKeepsHisPlaceHoweverLongItTakes() throws InterruptedException {
		taken();
		taken();
		after(Duration.ofHours(1));
		assertThat(take()).isNull();
	}

	@Test
	void oneThatIsBackWhenItIsLeftIsNotLeft() throws InterruptedException {
		Place place = taken();
		place.back();
		assertThat(place.leave()).isFalse();
		assertThat(this.places.hanging()).isZero();
	}

	@Test
	void placesAreGivenUpOneByOneAndEverMoreRarely() throws InterruptedException {
		left();
		left();
		List<Long> minutes = new ArrayList<>();
		for (int minute = 1; minute <= 60; minute++) {
			after(Duration.ofMinutes(1));
			Place place = take();
			if (place != null) {
				minutes.add((long) minute);
				assertThat(place.leave()).isTrue();
			}
			assertThat(take()).isNull();
		}
		assertThat(minutes).containsExactly(1L, 3L, 7L, 15L, 25L, 35L, 45L, 55L);
		assertThat(this.places.hanging()).isEqualTo(10);
	}

	@Test
	void oneThatComesBackAfterItsPlaceWasGivenUpFreesNone() throws InterruptedException {
		Place first = left();
		left();
		after(Duration.ofMinutes(1));
		taken();
		assertThat(first.back()).isFalse();
		assertThat(this.places.hanging()).isOne();
		assertThat(take()).isNull();
	}

	private Place left() throws InterruptedException {
		Place place = taken();
		assertThat(place.leave()).isTrue();
		return place;
	}

	private Place taken() throws InterruptedException {
		Place place = take();
		assertThat(place).isNotNull();
		return place;
	}

	private @Nullable Place take() throws InterruptedException {
		return this.places.take(this.now.get());
	}

	private void after(Duration time) {
		this.now.addAndGet(time.toNanos());
	}

}
