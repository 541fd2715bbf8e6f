package io.github.resilientdb.commit;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TimeOrderedIdsTests {

	@Test
	void idsAreUniqueAndOfVersionSeven() {
		TimeOrderedIds one = new TimeOrderedIds();
		TimeOrderedIds other = new TimeOrderedIds();
		Set<UUID> ids = new HashSet<>();
		for (int i = 0; i < 10_000; i++) {
			ids.add(one.next());
			ids.add(other.next());
		}
		assertThat(ids).hasSize(20_000).allSatisfy((id) -> {
			assertThat(id.version()).isEqualTo(7);
			assertThat(id.variant()).isEqualTo(2);
		});
	}

	@Test
	void lowestIdIsNotGreaterThanAnyMadeLater() {
		String lowest = TimeOrderedIds.lowest(System.currentTimeMillis()).toString();
		assertThat(new TimeOrderedIds().next().toString()).isGreaterThan(lowest);
		assertThat(TimeOrderedIds.lowest(0x0123_4567_89ABL)).hasToString("01234567-89ab-7000-8000-000000000000");
	}

}
