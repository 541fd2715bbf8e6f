package io.github.resilientdb.commit.postgresql;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SeenServers}.
 */
class SeenServersTests {

	private final SeenServers servers = new SeenServers();

	@Test
	void onlyAnotherServerThatWasReachedSinceCounts() {
		this.servers.reached(token("1"), 100);
		assertThat(this.servers.anotherSince(50, token("1"))).isFalse();
		assertThat(this.servers.anotherSince(50, token("2"))).isTrue();
		assertThat(this.servers.anotherSince(100, token("2"))).isFalse();
		this.servers.reached(token("1"), 200);
		assertThat(this.servers.anotherSince(100, token("2"))).isTrue();
	}

	@Test
	void aServerThatIsNotKnownIsNoOther() {
		this.servers.reached(token(null), 100);
		this.servers.reached(token("1"), 100);
		assertThat(this.servers.anotherSince(50, token(null))).isFalse();
		assertThat(this.servers.anotherSince(50, token("1"))).isFalse();
	}

	@Test
	void restartsOfLongAgoAreForgotten() {
		for (int i = 0; i < 40; i++) {
			this.servers.reached(token("old" + i), i);
		}
		this.servers.reached(token("new"), 100);
		assertThat(this.servers.anotherSince(99, token("old39"))).isTrue();
	}

	private static ContinuityToken token(@Nullable String postmasterStart) {
		return new ContinuityToken("a", "00000001", "1", postmasterStart);
	}

}
