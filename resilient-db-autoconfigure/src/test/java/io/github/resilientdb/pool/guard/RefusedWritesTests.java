package io.github.resilientdb.pool.guard;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.resilientdb.pool.connect.PrimaryRequirement;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RefusedWritesTests {

	private final AtomicLong now = new AtomicLong();

	private final AtomicInteger questions = new AtomicInteger();

	private ReadOnlyDefault answer = ReadOnlyDefault.OFF;

	private final RefusedWrites refused = new RefusedWrites(new PrimaryRequirement(RequirePrimary.AUTO, false),
			(address) -> {
				this.questions.incrementAndGet();
				return this.answer;
			}, this.now::get);

	@ParameterizedTest
	@CsvSource({ "on, configuration file, SERVER", "on, command line, SERVER", "on, environment variable, SERVER",
			"on, user, ROLE_OR_DATABASE", "on, database, ROLE_OR_DATABASE", "on, database user, ROLE_OR_DATABASE",
			"on, client, ROLE_OR_DATABASE", "off, default, OFF", "off, configuration file, OFF", "off, user, OFF" })
	void theSourceOfTheDefaultTellsWhoseItIs(String setting, String source, ReadOnlyDefault expected) {
		assertThat(ReadOnlyDefault.of(setting, source)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "SERVER", "ROLE_OR_DATABASE", "UNKNOWN", "OFF" })
	void onlyAServerThatIsReadOnlyIsWaitedFor(ReadOnlyDefault answer) {
		this.answer = answer;
		assertThat(this.refused.readOnlyByDefault(null))
			.isEqualTo((answer == ReadOnlyDefault.SERVER) ? Loss.READ_ONLY_SERVER : null);
	}

	@ParameterizedTest
	@CsvSource({ "SERVER", "ROLE_OR_DATABASE" })
	void aConnectionThatIsLeftFromAReadOnlyTimeIsGivenUp(ReadOnlyDefault earlier) {
		this.answer = earlier;
		this.refused.readOnlyByDefault(null);
		this.answer = ReadOnlyDefault.OFF;
		this.now.addAndGet(TimeUnit.SECONDS.toNanos(1));
		assertThat(this.refused.readOnlyByDefault(null)).isSameAs(Loss.NOT_PRIMARY);
	}

	@Test
	void oneAnswerServesAllWhoAskAtTheSameTime() {
		this.answer = ReadOnlyDefault.SERVER;
		for (int i = 0; i < 10; i++) {
			assertThat(this.refused.readOnlyByDefault(null)).isSameAs(Loss.READ_ONLY_SERVER);
		}
		assertThat(this.questions).hasValue(1);
		this.now.addAndGet(TimeUnit.MILLISECONDS.toNanos(250));
		this.refused.readOnlyByDefault(null);
		assertThat(this.questions).hasValue(2);
	}

}
