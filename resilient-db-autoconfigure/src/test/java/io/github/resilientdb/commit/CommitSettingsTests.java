package io.github.resilientdb.commit;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CommitSettingsTests {

	@Test
	void timeoutMustBePositive() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> CommitSettings.of(VerificationMode.AUTO, Duration.ZERO, true))
			.withMessage("Invalid timeout (PT0S): must be positive and at most one hour");
	}

	@Test
	void markerMustOutliveTheQuestion() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> CommitSettings.of(VerificationMode.AUTO, Duration.ofMinutes(16), true))
			.withMessage("Invalid committedRetention (PT1H): must be at least four times the timeout (PT16M)");
	}

	@Test
	void tombstoneMustOutliveTheMarker() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new CommitSettings(VerificationMode.AUTO, Duration.ofSeconds(1), true, "t", null,
					Duration.ofHours(1), Duration.ofMinutes(59), false))
			.withMessage("Invalid tombstoneRetention (PT59M): must not be less than committedRetention (PT1H)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1234567890123456789012345678901234567890123456789012345678901234" })
	void tableMustBeAnIdentifier(String table) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new CommitSettings(VerificationMode.AUTO, Duration.ofSeconds(1), true, table, null,
					Duration.ofHours(1), Duration.ofHours(1), false))
			.withMessageStartingWith("Invalid markerTable (" + table + "): must be an identifier");
	}

}
