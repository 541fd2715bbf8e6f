package io.github.resilientdb.commit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnknownReason}.
 */
class UnknownReasonTests {

	@ParameterizedTest
	@EnumSource
	void isDocumented(UnknownReason reason) throws IOException {
		assertThat(Files.readString(Path.of("..", "docs", "commit-outcome.md")))
			.contains("| `" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-') + "` |");
	}

}
